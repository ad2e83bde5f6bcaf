# What the product's modules do not use yet, or use differently: each block once appeared again in the next plan,
# because an answer differed from AWS's. There is no load balancer: the provider waits a minute for one in any case.

terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }
}

provider "aws" {
  region = "eu-west-1"

  default_tags {
    tags = local.tags
  }
}

locals {
  colours = toset(["blue", "green"])
  tags    = { "infer-deploy:name" = "answers" }
  zones   = ["eu-west-1a", "eu-west-1b"]
}

resource "aws_ecr_repository" "this" {
  name                 = "answers"
  image_tag_mutability = "IMMUTABLE"

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_secretsmanager_secret" "this" {
  name                    = "answers"
  recovery_window_in_days = 0
}
