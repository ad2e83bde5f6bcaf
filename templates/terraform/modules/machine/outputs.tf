output "autoscaling_group_name" {
  description = "Auto Scaling group of the machine."
  value       = aws_autoscaling_group.this.name
}

output "door_parameters" {
  description = "Names of the parameters that the door follows: settings and traffic."
  value       = { settings = aws_ssm_parameter.settings.name, traffic = aws_ssm_parameter.traffic.name }
}

output "release_pointers" {
  description = "Names of the parameters that say which release a colour runs, by colour."
  value       = { for colour, parameter in aws_ssm_parameter.pointer : colour => parameter.name }
}
