output "names" {
  description = "Names of all alarms, sorted."
  value = sort(concat(
    [for alarm in aws_cloudwatch_metric_alarm.errors : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.latency : alarm.alarm_name],
    [for alarm in aws_cloudwatch_metric_alarm.unhealthy : alarm.alarm_name],
    [aws_cloudwatch_metric_alarm.unanswered.alarm_name],
  ))
}
