resource "aws_sns_topic" "this" {
  # checkov:skip=CKV_AWS_26:an alarm's message has names and numbers of metrics. CloudWatch cannot publish to a topic with AWS's own key, and a key of the stack costs 1 USD a month
  count = length(var.emails) == 0 ? 0 : 1

  name = "${var.name_prefix}-alerts"
}

data "aws_partition" "current" {}

data "aws_iam_policy_document" "topic" {
  count = length(aws_sns_topic.this)

  statement {
    sid       = "LetAlarmsPublish"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.this[0].arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }

  # https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-sns-policy.html
  dynamic "statement" {
    for_each = var.gets_budget ? [var.account_id] : []

    content {
      sid       = "LetBudgetsPublish"
      actions   = ["sns:Publish"]
      resources = [aws_sns_topic.this[0].arn]

      principals {
        type        = "Service"
        identifiers = ["budgets.amazonaws.com"]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [statement.value]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = ["arn:${data.aws_partition.current.partition}:budgets::${statement.value}:*"]
      }
    }
  }
}

resource "aws_sns_topic_policy" "this" {
  count = length(aws_sns_topic.this)

  arn    = aws_sns_topic.this[0].arn
  policy = data.aws_iam_policy_document.topic[0].json
}

# AWS sends each address a mail with a link. Until its reader opens it, the address gets nothing.
resource "aws_sns_topic_subscription" "email" {
  for_each = toset(var.emails)

  topic_arn = aws_sns_topic.this[0].arn
  protocol  = "email"
  endpoint  = each.key
}
