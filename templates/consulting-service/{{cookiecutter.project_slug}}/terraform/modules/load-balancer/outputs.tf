output "security_group_id" {
  description = "Security group that requests to the service come from."
  value       = aws_security_group.load_balancer.id
}

output "target_group_arn" {
  description = "Target group that the service's tasks register in."
  value       = aws_lb_target_group.service.arn
}

output "name_servers" {
  description = "Name servers of the domain: delegate the domain to them."
  value       = aws_route53_zone.this.name_servers
}
