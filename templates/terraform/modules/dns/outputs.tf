output "certificate_arn" {
  description = "Certificate of the domains, once it is valid."
  value       = aws_acm_certificate_validation.this.certificate_arn
}

output "zone_id" {
  description = "Hosted zone of the domains."
  value       = local.zone_id
}
