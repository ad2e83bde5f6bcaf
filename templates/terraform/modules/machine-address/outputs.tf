output "allocation_id" {
  description = "EC2's id of the Elastic IP."
  value       = aws_eip.this.allocation_id
}

output "arn" {
  description = "ARN of the Elastic IP."
  value       = aws_eip.this.arn
}

output "public_ip" {
  description = "The Elastic IP."
  value       = aws_eip.this.public_ip
}

output "zone_id" {
  description = "Hosted zone of the names; null for a zone elsewhere."
  value       = local.zone_id
}
