locals {
  balancer = ["LoadBalancer", var.load_balancer_arn_suffix]
  colours  = keys(var.target_group_arn_suffixes)
  targets = {
    for colour, suffix in var.target_group_arn_suffixes : colour => ["TargetGroup", suffix, "LoadBalancer", var.load_balancer_arn_suffix]
  }
  paint = { blue = "#1f77b4", green = "#2ca02c" }

  # Half of the dashboard's 24 columns each, from left to right. What a row has decides its place, so a further graph moves no others.
  graphs = concat(
    [
      {
        title = "Requests a minute by colour, as releases move them"
        stat  = "Sum"
        stack = true
        metrics = [
          for colour in local.colours :
          concat(["AWS/ApplicationELB", "RequestCount"], local.targets[colour], [{ label = colour, color = local.paint[colour] }])
        ]
      },
      {
        title = "Errors a minute"
        stat  = "Sum"
        stack = false
        metrics = [
          concat(["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count"], local.balancer, [{ label = "5xx of the app", color = "#d62728" }]),
          concat(["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count"], local.balancer, [{ label = "5xx of the load balancer", color = "#9467bd" }]),
          concat(["AWS/ApplicationELB", "HTTPCode_Target_4XX_Count"], local.balancer, [{ label = "4xx of the app", color = "#ff7f0e" }]),
          concat(["AWS/ApplicationELB", "TargetConnectionErrorCount"], local.balancer, [{ label = "failed connections", color = "#7f7f7f" }]),
        ]
      },
      {
        title = "Seconds to an answer"
        stat  = "p50"
        stack = false
        metrics = [
          for stat in ["p50", "p95", "p99"] :
          concat(["AWS/ApplicationELB", "TargetResponseTime"], local.balancer, [{ label = stat, stat = stat }])
        ]
      },
      {
        title = "Instances by health"
        stat  = "Maximum"
        stack = false
        metrics = concat([
          for colour in local.colours :
          concat(["AWS/ApplicationELB", "HealthyHostCount"], local.targets[colour], [{ label = "${colour} healthy", color = local.paint[colour] }])
          ], [
          for colour in local.colours :
          concat(["AWS/ApplicationELB", "UnHealthyHostCount"], local.targets[colour], [{ label = "${colour} unhealthy", color = "#d62728" }])
        ])
      },
      {
        title = "Processors of the instances, per cent"
        stat  = "Average"
        stack = false
        metrics = [
          for colour in local.colours :
          ["AWS/EC2", "CPUUtilization", "AutoScalingGroupName", var.group_names[colour], { label = colour, color = local.paint[colour] }]
        ]
      },
    ],
    # A condition would want the same type of both its values.
    [
      for title in var.instance_metrics ? ["Memory and disk of the fullest instance, per cent"] : [] : {
        title = title
        stat  = "Maximum"
        stack = false
        metrics = [
          for pair in setproduct(local.colours, ["MemoryUsedPercent", "DiskUsedPercent"]) :
          [var.metrics_namespace, pair[1], "Colour", pair[0], "Stack", var.name, { label = "${pair[0]} ${pair[1]}" }]
        ]
      }
    ],
    [
      for series in var.series : {
        title = series
        stat  = "Average"
        stack = false
        metrics = [
          for colour in local.colours :
          [var.metrics_namespace, series, "Colour", colour, "Stack", var.name, { label = colour, color = local.paint[colour] }]
        ]
      }
    ],
  )

  body = {
    widgets = [
      for index, graph in local.graphs : {
        type   = "metric"
        x      = 12 * (index % 2)
        y      = 6 * floor(index / 2)
        width  = 12
        height = 6
        properties = {
          metrics = graph.metrics
          period  = 60
          region  = var.region
          stacked = graph.stack
          stat    = graph.stat
          title   = graph.title
          view    = "timeSeries"
          yAxis   = { left = { min = 0 } }
        }
      }
    ]
  }

  queries = merge(
    {
      "app/errors" = {
        log_group = var.log_groups["app"]
        query     = <<-QUERY
          fields @timestamp, @logStream, @message
          | filter @message like /(?i)(error|exception|traceback|fatal)/
          | sort @timestamp desc
          | limit 100
        QUERY
      }
      "app/lines-a-minute" = {
        log_group = var.log_groups["app"]
        query     = <<-QUERY
          stats count(*) as lines by bin(1m), @logStream
        QUERY
      }
      "boot/failures" = {
        log_group = var.log_groups["boot"]
        query     = <<-QUERY
          fields @timestamp, @logStream, @message
          | filter @message like /failed/
          | sort @timestamp desc
          | limit 100
        QUERY
      }
    },
    {
      for name, log_group in var.log_groups : "network/refused" => {
        log_group = log_group
        query     = <<-QUERY
          filter action = "REJECT"
          | stats count(*) as tries by srcAddr, dstPort
          | sort tries desc
          | limit 20
        QUERY
      } if name == "network"
    },
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name
  dashboard_body = jsonencode(local.body)
}

resource "aws_cloudwatch_query_definition" "this" {
  for_each = local.queries

  name            = "${var.query_prefix}${each.key}"
  log_group_names = [each.value.log_group]
  query_string    = trimspace(each.value.query)
}
