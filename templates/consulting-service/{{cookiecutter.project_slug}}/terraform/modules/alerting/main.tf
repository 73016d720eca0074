# Who is told. What they are told about stands in database.tf.

# Two things are left as they are by default, so that no message is lost in silence. The topic has no key of its own:
# RDS sends no events to an encrypted topic, and messages hold names and states only. It has no policy of its own:
# the default one lets alarms and databases of this account publish, and nobody else.
resource "aws_sns_topic" "alerts" {
  name = "${var.name}-alerts"
}

resource "aws_sns_topic_subscription" "email" {
  for_each = var.emails

  topic_arn = aws_sns_topic.alerts.arn
  protocol  = "email"
  endpoint  = each.value
}
