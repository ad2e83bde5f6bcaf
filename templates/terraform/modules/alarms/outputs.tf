output "names" {
  description = "Names of the alarms: of each colour by kind, and of the load balancer."
  value = merge(
    {
      for colour in keys(var.target_group_arn_suffixes) : colour => {
        errors    = aws_cloudwatch_metric_alarm.errors[colour].alarm_name
        latency   = aws_cloudwatch_metric_alarm.latency[colour].alarm_name
        unhealthy = aws_cloudwatch_metric_alarm.unhealthy[colour].alarm_name
      }
    },
    { load_balancer = { unanswered = aws_cloudwatch_metric_alarm.unanswered.alarm_name } },
  )
}
