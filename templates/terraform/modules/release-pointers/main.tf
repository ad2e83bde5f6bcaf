# The release that a colour runs. Releases write it, instances read it.
resource "aws_ssm_parameter" "this" {
  # checkov:skip=CKV2_AWS_34:it names a release and holds no secret
  for_each = var.names

  name        = each.value
  description = "The release that ${each.key} runs"
  type        = "String"
  tier        = "Standard"
  value       = "{}"

  lifecycle {
    ignore_changes = [value]
  }
}
