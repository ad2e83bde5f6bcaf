provider "aws" {
  region = var.region

  # With another account's credentials nothing is planned, let alone applied.
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}

locals {
  tags = merge(var.tags, {
    "infer-deploy:name"        = var.name
    "infer-deploy:environment" = var.environment
    "infer-deploy:managed-by"  = "infer-deploy"
  })
}
