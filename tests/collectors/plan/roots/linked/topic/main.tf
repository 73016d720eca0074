resource "aws_sns_topic" "this" {}

output "arn" {
  value = aws_sns_topic.this.arn
}
