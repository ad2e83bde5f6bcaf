output "domains" {
  description = "Names of the address."
  value       = [for domain in var.domains : aws_route53_record.this[domain].fqdn]
}
