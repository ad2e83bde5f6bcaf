output "instance_security_group_id" {
  description = "Security group of the instances."
  value       = aws_security_group.instances.id
}

output "load_balancer_security_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.load_balancer.id
}
