# References to the tags that resources have together with those of their provider.

provider "aws" {
  alias                       = "bare"
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

resource "aws_sqs_queue" "own" {
  name = "own"
  tags = { Owner = "queue", Name = "own" }
}

resource "aws_sqs_queue" "none" {
  name = "none"
}

resource "aws_sqs_queue" "bare" {
  provider = aws.bare
  name     = "bare"
  tags     = { Name = "bare" }
}

resource "aws_sqs_queue" "bare_and_none" {
  provider = aws.bare
  name     = "bare-and-none"
}

resource "terraform_data" "tags" {
  input = [
    aws_sqs_queue.own.tags_all,
    aws_sqs_queue.own.tags_all["Environment"],
    aws_sqs_queue.own.tags_all.Owner,
    aws_sqs_queue.none.tags_all,
    length(aws_sqs_queue.none.tags_all),
    aws_sqs_queue.bare.tags_all,
    aws_sqs_queue.bare_and_none.tags_all,
    try(aws_sqs_queue.own.tags_all.Nothing, "none"),
  ]
}
