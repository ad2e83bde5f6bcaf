output "policy_arns" {
  description = "ARNs of the policies, by colour."
  value       = { for colour, policy in aws_autoscaling_policy.target : colour => policy.arn }
}
