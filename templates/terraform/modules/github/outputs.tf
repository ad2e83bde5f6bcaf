output "role_arns" {
  description = "The roles, by release and plan."
  value       = { for name, role in aws_iam_role.this : name => role.arn }
}
