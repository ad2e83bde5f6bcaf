output "autoscaling_group_names" {
  description = "Names of the Auto Scaling groups, by colour."
  value       = { for colour, group in aws_autoscaling_group.this : colour => group.name }
}
