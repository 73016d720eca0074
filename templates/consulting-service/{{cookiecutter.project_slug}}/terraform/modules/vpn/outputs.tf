output "security_group_id" {
  description = "Security group that employees come from."
  value       = aws_security_group.vpn.id
}

output "endpoint" {
  description = "Host name that clients connect to."
  value       = aws_ec2_client_vpn_endpoint.this.dns_name
}
