# The service's images: scanned, never overwritten, copied to where they are needed, and deleted when nobody can want them.

resource "aws_ecr_repository" "this" {
  name                 = var.name
  image_tag_mutability = "IMMUTABLE"
  force_delete         = false

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = var.kms_key_arn
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  repository = aws_ecr_repository.this.name

  policy = jsonencode({
    rules = [
      {
        rulePriority = 1
        description  = "Images without a tag are deleted after 14 days"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 14 }
        action       = { type = "expire" }
      },
      {
        rulePriority = 2
        description  = "The newest 50 images are kept: far more than a rollback goes back"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 50 }
        action       = { type = "expire" }
      },
    ]
  })
}

# One of these exists in every account and region.
resource "aws_ecr_replication_configuration" "this" {
  count = length(var.copies) == 0 ? 0 : 1

  replication_configuration {
    rule {
      dynamic "destination" {
        for_each = var.copies

        content {
          region      = destination.value.region
          registry_id = destination.value.account_id
        }
      }

      repository_filter {
        filter      = var.name
        filter_type = "PREFIX_MATCH"
      }
    }
  }
}

# Whoever replicates into this account may create the repository and write to it.
resource "aws_ecr_registry_policy" "this" {
  count = length(var.copied_from) == 0 ? 0 : 1

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "CopiesFromOtherAccounts"
      Effect    = "Allow"
      Principal = { AWS = [for account in var.copied_from : "arn:${var.partition}:iam::${account}:root"] }
      Action    = ["ecr:CreateRepository", "ecr:ReplicateImage"]
      Resource  = "arn:${var.partition}:ecr:${var.aws_region}:${var.account_id}:repository/${var.name}"
    }]
  })
}
