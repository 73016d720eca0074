output "security_group_id" {
  description = "Security group that requests to the service come from."
  value       = aws_security_group.load_balancer.id
}

output "target_group_arns" {
  description = "Target groups that the service's tasks register in, by colour."
  value       = { for colour, group in aws_lb_target_group.service : colour => group.arn }
}

output "target_group_suffixes" {
  description = "Target groups as metrics name them, by colour."
  value       = { for colour, group in aws_lb_target_group.service : colour => group.arn_suffix }
}

output "listener_rule_arn" {
  description = "Rule whose weights move the traffic."
  value       = aws_lb_listener_rule.traffic.arn
}

output "suffix" {
  description = "The load balancer as metrics name it."
  value       = aws_lb.this.arn_suffix
}

output "entry" {
  description = "What the domain points at."
  value = {
    dns_name = local.behind_nlb ? aws_lb.front[0].dns_name : aws_lb.this.dns_name
    zone_id  = local.behind_nlb ? aws_lb.front[0].zone_id : aws_lb.this.zone_id
  }
}

output "addresses" {
  description = "Fixed addresses, where there are any."
  value       = aws_eip.front[*].public_ip
}

output "certificate_arn" {
  description = "The certificate."
  value       = module.certificate.arn
}

output "web_acl" {
  description = "The firewall as metrics name it."
  value       = aws_wafv2_web_acl.this.name
}
