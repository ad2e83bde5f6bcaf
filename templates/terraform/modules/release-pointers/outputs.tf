output "names" {
  description = "Names of the parameters that say which release a colour runs, by colour."
  value       = { for colour, parameter in aws_ssm_parameter.this : colour => parameter.name }
}
