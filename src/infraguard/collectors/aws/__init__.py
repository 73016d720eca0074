"""Evidence from a live AWS account, by read-only calls.

Resources carry Terraform's kinds and attribute names, so that one policy judges source, plan and account alike. Only
the kinds asked for are read. A call that fails is a gap; nothing is ever taken to be absent because it could not be
read.
"""

from infraguard.collectors.aws.catalogue import permissions
from infraguard.collectors.aws.collect import collect_aws
from infraguard.collectors.aws.request import AwsRequest

__all__ = ["AwsRequest", "collect_aws", "permissions"]
