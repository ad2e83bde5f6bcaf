output "id" {
  description = "Health check that is healthy while either colour has a healthy instance."
  value       = aws_route53_health_check.this.id
}
