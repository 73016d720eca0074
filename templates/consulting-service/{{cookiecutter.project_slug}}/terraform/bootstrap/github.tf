# How GitHub's workflows reach AWS: by tokens that say which repository and which of its environments they are of. No key is
# stored anywhere.

resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  # Repositories that were made after July 2026 have their ids in the subject, older ones have not. Both are trusted
  # exactly, and no wildcard is.
  plain    = "repo:${var.github_owner}/${var.github_repository}"
  with_ids = "repo:${var.github_owner}@${var.github_owner_id}/${var.github_repository}@${var.github_repository_id}"

  roles = merge(
    { for environment in var.environments : environment => "Changes ${environment}" },
    { plan = "Plans changes, and changes nothing", build = "Pushes images" },
    { for environment in local.restore_tested : "restore-test" => "Looks into restored backups of ${environment}" },
  )

}

resource "aws_iam_role" "github" {
  for_each = local.roles

  name                 = "${var.project}-github-${each.key}"
  description          = each.value
  max_session_duration = 3600 * 2

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {
        StringEquals = {
          "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
          "token.actions.githubusercontent.com:sub" = [
            "${local.plain}:environment:${each.key}",
            "${local.with_ids}:environment:${each.key}",
          ]
        }
      }
    }]
  })
}

# Terraform makes roles and keys, so whoever applies it administers the account: approval guards it, in GitHub.
resource "aws_iam_role_policy_attachment" "deploy" {
  for_each = var.environments

  role       = aws_iam_role.github[each.key].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/AdministratorAccess"
}

resource "aws_iam_role_policy_attachment" "plan" {
  role       = aws_iam_role.github["plan"].name
  policy_arn = "arn:${local.partition}:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_iam_role_policy" "plan" {
  name = "plan"
  role = aws_iam_role.github["plan"].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadTheState"
        Effect   = "Allow"
        Action   = "kms:Decrypt"
        Resource = module.keys.arns["state"]
      },
      {
        Sid      = "MakePasswordsThatAreThrownAway"
        Effect   = "Allow"
        Action   = "secretsmanager:GetRandomPassword"
        Resource = "*"
      },
      {
        Sid      = "ReadNoSecret"
        Effect   = "Deny"
        Action   = ["secretsmanager:GetSecretValue", "ssm:GetParameter*"]
        Resource = "*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "build" {
  name = "push-images"
  role = aws_iam_role.github["build"].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "ecr:GetAuthorizationToken", Resource = "*" },
      {
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:CompleteLayerUpload", "ecr:DescribeImages",
          "ecr:GetDownloadUrlForLayer", "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:UploadLayerPart",
        ]
        Resource = "arn:${local.partition}:ecr:${var.aws_region}:${var.aws_account_id}:repository/${var.project}"
      },
    ]
  })
}

# Numbers that nobody has filled in let no workflow in.
check "github_ids" {
  assert {
    condition     = var.github_owner_id > 1 && var.github_repository_id > 1
    error_message = "Fill in github_owner_id and github_repository_id: gh api repos/OWNER/NAME --jq '.owner.id, .id'"
  }
}
