locals {
  # An actual sum that is past the first of these is no surprise, and one past the last is.
  notifications = {
    "half"     = { type = "ACTUAL", threshold = 50 }
    "most"     = { type = "ACTUAL", threshold = 80 }
    "all"      = { type = "ACTUAL", threshold = 100 }
    "forecast" = { type = "FORECASTED", threshold = 100 }
  }
}

resource "aws_budgets_budget" "this" {
  name         = var.name
  budget_type  = "COST"
  limit_amount = format("%.1f", var.usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"

  # With another spelling AWS shows 0 USD and no error.
  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:%s$%s", var.tag.key, var.tag.value)]
  }

  dynamic "notification" {
    for_each = local.notifications

    content {
      comparison_operator        = "GREATER_THAN"
      notification_type          = notification.value.type
      threshold                  = notification.value.threshold
      threshold_type             = "PERCENTAGE"
      subscriber_email_addresses = var.emails
      subscriber_sns_topic_arns  = var.has_topic ? [var.topic_arn] : []
    }
  }
}
