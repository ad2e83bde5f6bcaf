data "aws_partition" "current" {}

locals {
  issuer = "token.actions.githubusercontent.com"

  # All stacks of the account share this provider, so it is no resource here: `infer-deploy up` makes it where there is none.
  provider_arn = "arn:${data.aws_partition.current.partition}:iam::${var.account_id}:oidc-provider/${local.issuer}"
}

data "aws_iam_policy_document" "assume" {
  # checkov:skip=CKV_AWS_358:it reads only subjects that are written out here; variables.tf refuses wildcards in these
  for_each = var.roles

  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [local.provider_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:aud"
      values   = ["sts.amazonaws.com"]
    }

    # Without it, every repository on GitHub could have the role.
    condition {
      test     = "StringEquals"
      variable = "${local.issuer}:sub"
      values   = each.value.subjects
    }
  }
}

resource "aws_iam_role" "this" {
  for_each = var.roles

  name                 = each.value.role_name
  description          = local.descriptions[each.key]
  assume_role_policy   = data.aws_iam_policy_document.assume[each.key].json
  max_session_duration = local.session_seconds[each.key]
  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "this" {
  for_each = var.roles

  name = each.key
  role = aws_iam_role.this[each.key].id
  policy = templatefile(var.policy_files[each.key], {
    account_id = var.account_id
    partition  = data.aws_partition.current.partition
  })
}

locals {
  descriptions = {
    release = "What a workflow that releases may do: push an image and move traffic"
    plan    = "What a workflow of a pull request may do: look at the plan and at the status"
  }

  # The longest that IAM knows, because a release may watch a new version for hours. A workflow gets one hour unless it asks for more.
  session_seconds = {
    release = 43200
    plan    = 3600
  }
}
