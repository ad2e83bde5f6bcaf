output "certificate_arn" {
  description = "Certificate of the domains, once it is valid."
  value       = aws_acm_certificate_validation.this.certificate_arn
}

output "domains" {
  description = "Names of the address."
  value       = [for domain in var.domains : aws_route53_record.address[domain].fqdn]
}
