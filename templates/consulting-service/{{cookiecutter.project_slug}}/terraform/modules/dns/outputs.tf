output "zone_id" {
  description = "Hosted zone of the domain."
  value       = aws_route53_zone.this.zone_id
}

output "name_servers" {
  description = "Name servers of the domain: delegate the domain to them."
  value       = aws_route53_zone.this.name_servers
}
