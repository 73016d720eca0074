# What must exist before Terraform can keep its state and before a workflow can reach AWS. Applied once in each account, by a
# person; its own state stays on that person's machine until it is moved into the bucket made here.

provider "aws" {
  region              = var.aws_region
  allowed_account_ids = [var.aws_account_id]

  default_tags {
    tags = {
      Project     = var.project
      Service     = var.project
      Environment = "bootstrap"
      Owner       = var.owner
      CostCentre  = var.project
      ManagedBy   = "terraform"
    }
  }
}

locals {
  partition = startswith(var.aws_region, "us-gov-") ? "aws-us-gov" : startswith(var.aws_region, "cn-") ? "aws-cn" : "aws"
}

module "keys" {
  source = "../modules/kms"

  name       = "${var.project}-bootstrap"
  partition  = local.partition
  account_id = var.aws_account_id
  keys       = { state = { description = "Terraform state" } }
}

resource "aws_s3_bucket" "state" {
  for_each = var.environments

  bucket = "${var.project}-${each.key}-terraform-state"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_versioning" "state" {
  for_each = var.environments

  bucket = aws_s3_bucket.state[each.key].id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "state" {
  for_each = var.environments

  bucket = aws_s3_bucket.state[each.key].id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = module.keys.arns["state"]
    }
  }
}

resource "aws_s3_bucket_public_access_block" "state" {
  for_each = var.environments

  bucket                  = aws_s3_bucket.state[each.key].id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# The newest state is always at hand, and old ones are for looking back.
resource "aws_s3_bucket_lifecycle_configuration" "state" {
  for_each = var.environments

  bucket = aws_s3_bucket.state[each.key].id

  rule {
    id     = "archive"
    status = "Enabled"

    filter {}

    noncurrent_version_transition {
      noncurrent_days = 30
      storage_class   = "STANDARD_IA"
    }

    noncurrent_version_expiration {
      noncurrent_days = 365
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.state]
}

resource "aws_s3_bucket_policy" "state" {
  for_each = var.environments

  bucket = aws_s3_bucket.state[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "NothingWithoutTls"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.state[each.key].arn, "${aws_s3_bucket.state[each.key].arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.state]
}
