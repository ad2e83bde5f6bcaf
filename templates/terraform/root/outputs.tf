output "account_id" {
  description = "Account that the stack is in."
  value       = var.account_id
}

output "alarm_names" {
  description = "Alarms that a release watches, by colour and kind."
  value       = module.alarms.names
}

# <if alerts>
output "alerts" {
  description = "Alarms that people hear of, and the topic that sends e-mails; null without addresses."
  value = {
    alarm_names = module.alerts.alarm_names
    topic_arn   = module.alerts.topic_arn
  }
}

# <end alerts>
output "ami_id" {
  description = "Image that new instances start from."
  value       = var.ami_id
}

output "autoscaling_group_names" {
  description = "Auto Scaling groups, by colour."
  value       = module.fleet.autoscaling_group_names
}

# <if cloudfront>
output "cloudfront" {
  description = "CloudFront's id of the distribution that has the address, and the paths of its cached routes."
  value = {
    distribution_id = module.cloudfront.distribution_id
    cached_paths    = var.cloudfront.cache[*].path
  }
}

# <end cloudfront>
# <if dashboard>
output "dashboard_url" {
  description = "Where the dashboard is, for a person who is signed in."
  value       = module.dashboard.url
}

# <end dashboard>
# <if github>
output "github_role_arns" {
  description = "Roles of the GitHub repository's workflows, by release and plan."
  value       = module.github.role_arns
}

# <end github>
output "listener_arn" {
  description = "Listener whose weights releases move."
  value       = module.load_balancer.listener_arn
}

output "load_balancer_arn" {
  description = "The load balancer."
  value       = module.load_balancer.arn
}

output "load_balancer_dns_name" {
  description = "DNS name of the load balancer."
  value       = module.load_balancer.dns_name
}

output "log_groups" {
  description = "Log groups: app has the containers' output, boot that of the instances' start, network the flow logs."
  value       = module.logs.names
}

output "region" {
  description = "Region that the stack is in."
  value       = var.region
}

output "release_pointers" {
  description = "Parameters that say which release a colour runs, by colour."
  value       = module.fleet.release_pointers
}

output "repository_name" {
  description = "Name of the image repository."
  value       = module.registry.repository_name
}

output "repository_url" {
  description = "Where images are pushed to and pulled from."
  value       = module.registry.repository_url
}

output "target_group_arns" {
  description = "Target groups, by colour."
  value       = module.load_balancer.target_group_arns
}

output "url" {
  description = "The address."
  value       = local.url
}

output "vpc_id" {
  description = "The VPC."
  value       = local.vpc_id
}
