output "instance_profile_name" {
  description = "Instance profile of both colours."
  value       = aws_iam_instance_profile.instance.name
}

output "role_arn" {
  description = "Role of the instances."
  value       = aws_iam_role.instance.arn
}
