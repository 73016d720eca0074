#!/bin/sh
# Fetch the authorities that sign the certificates of Amazon RDS, and those of RDS Proxy, for the image to trust:
#
#   scripts/certificates.sh {{ cookiecutter.aws_region }}
#
# It writes certificates/rds-global-bundle.pem, or nothing: what cannot be read as certificates is not kept.
set -eu
region=${1:?the AWS region that the database is in}
cd "$(dirname "$0")/../certificates"

case $region in
us-gov-*) bundle=https://truststore.pki.us-gov-west-1.rds.amazonaws.com/global/global-bundle.pem ;;
cn-*) bundle=https://rds-truststore.s3.cn-north-1.amazonaws.com.cn/global/global-bundle.pem ;;
*) bundle=https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem ;;
esac

fetched=$(mktemp)
trap 'rm -f "$fetched"' EXIT
fetch() {
  curl --fail --silent --show-error --location --proto '=https' --tlsv1.2 --retry 3 --max-time 60 "$1" >>"$fetched"
  # A file may end without a line's end, and the next one begins on a line of its own.
  echo >>"$fetched"
}

fetch "$bundle"
# The proxy's certificate is one of AWS Certificate Manager, signed by these.
for number in 1 2 3 4; do
  fetch "https://www.amazontrust.com/repository/AmazonRootCA$number.pem"
done

begun=$(grep -c '^-----BEGIN CERTIFICATE-----' "$fetched" || true)
read=$(openssl crl2pkcs7 -nocrl -certfile "$fetched" | openssl pkcs7 -print_certs -noout | grep -c '^subject' || true)
if [ "$begun" -lt 5 ] || [ "$begun" -ne "$read" ]; then
  echo "what was fetched is no bundle of certificates: $read of $begun can be read" >&2
  exit 1
fi
mv "$fetched" rds-global-bundle.pem
chmod 644 rds-global-bundle.pem
trap - EXIT
echo "certificates/rds-global-bundle.pem: $read authorities"
