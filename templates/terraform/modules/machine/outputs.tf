output "autoscaling_group_name" {
  description = "Auto Scaling group of the machine."
  value       = aws_autoscaling_group.this.name
}

output "door_parameters" {
  description = "Names of the parameters that the door follows: settings and traffic."
  value       = { settings = aws_ssm_parameter.settings.name, traffic = aws_ssm_parameter.traffic.name }
}
