output "names" {
  description = "Names of the alarms that a release watches: of each colour by kind, and of the door."
  value = merge(
    {
      for colour in local.colours : colour => {
        errors    = aws_cloudwatch_metric_alarm.errors[colour].alarm_name
        latency   = aws_cloudwatch_metric_alarm.latency[colour].alarm_name
        unhealthy = aws_cloudwatch_metric_alarm.unhealthy[colour].alarm_name
      }
    },
    { load_balancer = { unanswered = aws_cloudwatch_metric_alarm.unanswered.alarm_name } },
  )
}

output "other_names" {
  description = "Names of the other alarms: the machine's status, memory and disk, and the certificate."
  value = sort(concat(
    aws_cloudwatch_metric_alarm.certificate[*].alarm_name,
    [aws_cloudwatch_metric_alarm.status.alarm_name],
    values(aws_cloudwatch_metric_alarm.full)[*].alarm_name,
  ))
}
