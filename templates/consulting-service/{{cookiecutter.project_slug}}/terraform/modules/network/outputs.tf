output "vpc_id" {
  description = "The VPC."
  value       = aws_vpc.this.id
}

output "public_subnet_ids" {
  description = "Subnets with a route to the internet: for load balancers only."
  value       = aws_subnet.public[*].id
}

output "private_subnet_ids" {
  description = "Subnets of the service, which the internet cannot reach."
  value       = aws_subnet.private[*].id
}

output "private_cidrs" {
  description = "Addresses of the private subnets."
  value       = local.private_cidrs
}

output "data_subnet_ids" {
  description = "Subnets of database and cache, without any route out of the VPC."
  value       = aws_subnet.data[*].id
}
