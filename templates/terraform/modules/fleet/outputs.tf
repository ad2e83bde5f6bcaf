output "autoscaling_group_names" {
  description = "Names of the Auto Scaling groups, by colour."
  value       = { for colour, group in aws_autoscaling_group.this : colour => group.name }
}

output "release_pointers" {
  description = "Names of the parameters that say which release a colour runs, by colour."
  value       = { for colour, parameter in aws_ssm_parameter.pointer : colour => parameter.name }
}
