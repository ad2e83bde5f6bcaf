data "aws_partition" "current" {}

locals {
  arn_prefix = "arn:${data.aws_partition.current.partition}"
  bucket_arn = "${local.arn_prefix}:s3:::${var.state.bucket}"
}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "instance" {
  name               = var.role_name
  description        = "What an instance may do: pull its image, read its release, report its state, write its logs"
  assume_role_policy = data.aws_iam_policy_document.assume.json

  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_instance_profile" "instance" {
  name = var.role_name
  role = aws_iam_role.instance.name
}

data "aws_iam_policy_document" "instance" {
  statement {
    sid       = "LogInToRegistry"
    actions   = ["ecr:GetAuthorizationToken"]
    resources = ["*"]
  }

  statement {
    sid = "PullImage"
    actions = [
      "ecr:BatchCheckLayerAvailability",
      "ecr:BatchGetImage",
      "ecr:GetDownloadUrlForLayer",
    ]
    resources = [var.repository_arn]
  }

  statement {
    sid = "ReadReleasePointer"
    # One machine's door reads two parameters by one call.
    actions = var.elastic_ip_arn == null ? ["ssm:GetParameter"] : ["ssm:GetParameter", "ssm:GetParameters"]
    resources = [
      for pointer in var.pointer_names :
      "${local.arn_prefix}:ssm:${var.region}:${var.account_id}:parameter${pointer}"
    ]
  }

  dynamic "statement" {
    for_each = length(var.left_target_group_names) == 0 ? [] : [var.left_target_group_names]

    content {
      sid     = "LeaveLoadBalancer"
      actions = ["elasticloadbalancing:DeregisterTargets"]
      resources = [
        for name in statement.value :
        "${local.arn_prefix}:elasticloadbalancing:${var.region}:${var.account_id}:targetgroup/${name}/*"
      ]
    }
  }

  statement {
    # What user data fetches, and what the agent reads.
    sid     = "ReadProgramAndReleases"
    actions = ["s3:GetObject"]
    resources = [
      "${local.bucket_arn}/${var.state.prefix}/instance/*",
      "${local.bucket_arn}/${var.state.prefix}/releases/*",
    ]

    # Bucket names are global: if the bucket were deleted, another account could take its name.
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceAccount"
      values   = [var.account_id]
    }
  }

  statement {
    sid       = "ReportState"
    actions   = ["s3:PutObject"]
    resources = ["${local.bucket_arn}/${var.state.prefix}/agents/*"]

    condition {
      test     = "StringEquals"
      variable = "aws:ResourceAccount"
      values   = [var.account_id]
    }
  }

  # The address and the certificates of one machine.
  dynamic "statement" {
    for_each = var.elastic_ip_arn == null ? [] : [var.elastic_ip_arn]

    content {
      sid     = "TakeAddress"
      actions = ["ec2:AssociateAddress"]
      resources = [
        statement.value,
        "${local.arn_prefix}:ec2:${var.region}:${var.account_id}:instance/*",
        "${local.arn_prefix}:ec2:${var.region}:${var.account_id}:network-interface/*",
      ]
    }
  }

  dynamic "statement" {
    for_each = var.elastic_ip_arn == null ? [] : ["door/*"]

    content {
      sid       = "KeepCertificates"
      actions   = ["s3:GetObject", "s3:PutObject"]
      resources = ["${local.bucket_arn}/${var.state.prefix}/${statement.value}"]

      condition {
        test     = "StringEquals"
        variable = "aws:ResourceAccount"
        values   = [var.account_id]
      }
    }
  }

  # Without it S3 answers 403 for certificates that are not there yet, and a first machine would wait for its role.
  dynamic "statement" {
    for_each = var.elastic_ip_arn == null ? [] : ["door/*"]

    content {
      sid       = "FindCertificates"
      actions   = ["s3:ListBucket"]
      resources = [local.bucket_arn]

      condition {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = ["${var.state.prefix}/${statement.value}"]
      }
    }
  }

  # DNS-01: the machine writes the TXT records of its own names, and no other record. Caddy reads the zone first, to keep other values
  # of such a record. Source: Route53 developer guide, "Using IAM policy conditions for fine-grained access control".
  dynamic "statement" {
    for_each = var.acme_challenge == null ? [] : [var.acme_challenge]

    content {
      sid       = "ProveNames"
      actions   = ["route53:ChangeResourceRecordSets"]
      resources = ["${local.arn_prefix}:route53:::hostedzone/${statement.value.zone_id}"]

      condition {
        test     = "ForAllValues:StringEquals"
        variable = "route53:ChangeResourceRecordSetsNormalizedRecordNames"
        values   = [for domain in statement.value.domains : "_acme-challenge.${trimprefix(domain, "*.")}"]
      }

      condition {
        test     = "ForAllValues:StringEquals"
        variable = "route53:ChangeResourceRecordSetsRecordTypes"
        values   = ["TXT"]
      }

      condition {
        test     = "ForAllValues:StringEquals"
        variable = "route53:ChangeResourceRecordSetsActions"
        values   = ["UPSERT", "DELETE"]
      }
    }
  }

  dynamic "statement" {
    for_each = var.acme_challenge == null ? [] : [
      { sid = "ReadZone", action = "route53:ListResourceRecordSets", resource = "hostedzone/${var.acme_challenge.zone_id}" },
      { sid = "WaitForRecord", action = "route53:GetChange", resource = "change/*" },
    ]

    content {
      sid       = statement.value.sid
      actions   = [statement.value.action]
      resources = ["${local.arn_prefix}:route53:::${statement.value.resource}"]
    }
  }

  statement {
    sid = "WriteLogs"
    actions = [
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]
    resources = [for arn in var.log_group_arns : "${arn}:*"]
  }

  # Weights that are not in the image. The bucket may be another account's, which has to allow it too.
  dynamic "statement" {
    for_each = length(var.models) == 0 ? [] : [var.models]

    content {
      sid     = "ReadModels"
      actions = ["s3:GetObject", "s3:GetObjectVersion"]
      resources = flatten([
        for model in statement.value :
        endswith(model, "/") ? ["${local.arn_prefix}:s3:::${model}*"] : ["${local.arn_prefix}:s3:::${model}", "${local.arn_prefix}:s3:::${model}/*"]
      ])
    }
  }

  # Secrets Manager adds a hyphen and six random characters to the name in each ARN.
  dynamic "statement" {
    for_each = length(var.secret_names) == 0 ? [] : [var.secret_names]

    content {
      sid     = "ReadSecrets"
      actions = ["secretsmanager:GetSecretValue"]
      resources = [
        for name in statement.value :
        "${local.arn_prefix}:secretsmanager:${var.region}:${var.account_id}:secret:${name}-??????"
      ]
    }
  }

  # Not AmazonSSMManagedInstanceCore: that policy also reads every parameter of the account.
  # Source: AWS Systems Manager user guide, "Verify or create an IAM role with Session Manager permissions".
  statement {
    sid       = "RegisterForSessions"
    actions   = ["ssm:UpdateInstanceInformation"]
    resources = ["${local.arn_prefix}:ec2:${var.region}:${var.account_id}:instance/*"]
  }

  # These actions know no resources.
  statement {
    sid = "OpenSession"
    actions = [
      "ssmmessages:CreateControlChannel",
      "ssmmessages:CreateDataChannel",
      "ssmmessages:OpenControlChannel",
      "ssmmessages:OpenDataChannel",
    ]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "instance" {
  name   = "instance"
  role   = aws_iam_role.instance.id
  policy = data.aws_iam_policy_document.instance.json
}
