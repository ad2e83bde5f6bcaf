data "aws_partition" "current" {}

data "aws_iam_policy_document" "flow_assume" {
  count = var.flow_logs == null ? 0 : 1

  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["vpc-flow-logs.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [var.account_id]
    }
  }
}

# Without logs:CreateLogGroup: a late record would make the group again that destroy has removed.
data "aws_iam_policy_document" "flow_write" {
  count = var.flow_logs == null ? 0 : 1

  statement {
    actions = [
      "logs:CreateLogStream",
      "logs:DescribeLogStreams",
      "logs:PutLogEvents",
    ]
    resources = ["${var.flow_logs.log_group_arn}:*"]
  }

  statement {
    actions   = ["logs:DescribeLogGroups"]
    resources = ["arn:${data.aws_partition.current.partition}:logs:${var.region}:${var.account_id}:log-group:*"]
  }
}

resource "aws_iam_role" "flow" {
  count = var.flow_logs == null ? 0 : 1

  name               = var.flow_logs.role_name
  description        = "Lets VPC flow logs write to their log group"
  assume_role_policy = data.aws_iam_policy_document.flow_assume[0].json

  permissions_boundary = var.permissions_boundary
}

resource "aws_iam_role_policy" "flow" {
  count = var.flow_logs == null ? 0 : 1

  name   = "write-flow-logs"
  role   = aws_iam_role.flow[0].id
  policy = data.aws_iam_policy_document.flow_write[0].json
}

resource "aws_flow_log" "this" {
  count = var.flow_logs == null ? 0 : 1

  vpc_id                   = aws_vpc.this.id
  traffic_type             = var.flow_logs.traffic
  log_destination_type     = "cloud-watch-logs"
  log_destination          = var.flow_logs.log_group_arn
  iam_role_arn             = aws_iam_role.flow[0].arn
  max_aggregation_interval = 60

  tags = {
    Name = var.name
  }

  depends_on = [aws_iam_role_policy.flow]
}
