output "distribution_id" {
  description = "Id of the distribution."
  value       = aws_cloudfront_distribution.this.id
}

output "domain_name" {
  description = "CloudFront's own name for the distribution, with CloudFront's certificate."
  value       = aws_cloudfront_distribution.this.domain_name
}
