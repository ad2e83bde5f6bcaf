output "arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "arn_suffix" {
  description = "CloudWatch's name for the load balancer."
  value       = aws_lb.this.arn_suffix
}

output "dns_name" {
  description = "DNS name of the load balancer."
  value       = aws_lb.this.dns_name
}

output "listener_arn" {
  description = "Listener whose weights releases move."
  value       = var.https ? aws_lb_listener.https[0].arn : aws_lb_listener.plain[0].arn
}

output "security_group_id" {
  description = "Security group of the load balancer."
  value       = aws_security_group.this.id
}

output "target_group_arn_suffixes" {
  description = "CloudWatch's names for the target groups, by colour."
  value       = { for colour, group in aws_lb_target_group.this : colour => group.arn_suffix }
}

output "target_group_arns" {
  description = "ARNs of the target groups, by colour."
  value       = { for colour, group in aws_lb_target_group.this : colour => group.arn }
}

output "zone_id" {
  description = "Hosted zone of the load balancer, for alias records."
  value       = aws_lb.this.zone_id
}
