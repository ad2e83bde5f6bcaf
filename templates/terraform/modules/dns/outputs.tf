output "certificate_arn" {
  description = "Certificate of the domain, once it is valid."
  value       = aws_acm_certificate_validation.this.certificate_arn
}

output "domain" {
  description = "Name of the address."
  value       = aws_route53_record.address.fqdn
}
