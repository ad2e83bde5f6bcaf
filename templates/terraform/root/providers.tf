provider "aws" {
  region = var.region

  # Plan and apply fail with another account's credentials.
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = local.tags
  }
}

locals {
  tags = merge(var.tags, {
    "infer-deploy:name"        = var.name
    "infer-deploy:environment" = var.environment
    "infer-deploy:stack"       = local.id
    "infer-deploy:managed-by"  = "infer-deploy"
  })
}
