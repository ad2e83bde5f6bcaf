output "alarm_names" {
  description = "Names of the alarms, the composite one last."
  value = concat(
    values(aws_cloudwatch_metric_alarm.share)[*].alarm_name,
    [aws_cloudwatch_metric_alarm.slow.alarm_name, aws_cloudwatch_metric_alarm.no_healthy_host.alarm_name],
    values(aws_cloudwatch_metric_alarm.connections)[*].alarm_name,
    values(aws_cloudwatch_metric_alarm.fill)[*].alarm_name,
    aws_cloudwatch_metric_alarm.certificate[*].alarm_name,
    [aws_cloudwatch_composite_alarm.call.alarm_name],
  )
}

output "topic_arn" {
  description = "The topic that sends e-mails; null without addresses."
  value       = one(aws_sns_topic.this[*].arn)

  # AWS Budgets takes no topic that it may not publish to.
  depends_on = [aws_sns_topic_policy.this]
}
