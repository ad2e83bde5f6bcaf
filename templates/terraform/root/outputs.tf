output "account_id" {
  description = "Account that the stack is in."
  value       = var.account_id
}

output "alarm_names" {
  description = "Alarms that a release watches, by colour and kind."
  value       = local.alarm_names
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

# <if fleet>
output "autoscaling_group_names" {
  description = "Auto Scaling groups, by colour."
  value       = module.fleet.autoscaling_group_names
}

# <end fleet>
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
# <if load-balancer>
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

# <end load-balancer>
output "log_groups" {
  description = "Log groups: app has the containers' output, boot that of the instances' start, network the flow logs."
  value       = module.logs.names
}

# <if machine>
output "machine" {
  description = "The machine: its group, its Elastic IP, the parameters that its door follows, and its other alarms."
  value = {
    group       = module.machine.autoscaling_group_name
    address     = module.machine_address.public_ip
    parameters  = module.machine.door_parameters
    alarm_names = module.machine_alarms.other_names
  }
}

# <end machine>
output "region" {
  description = "Region that the stack is in."
  value       = var.region
}

output "release_pointers" {
  description = "Parameters that say which release a colour runs, by colour."
  value       = module.release_pointers.names
}

output "repository_name" {
  description = "Name of the image repository."
  value       = module.registry.repository_name
}

output "repository_url" {
  description = "Where images are pushed to and pulled from."
  value       = module.registry.repository_url
}

# <if load-balancer>
output "target_group_arns" {
  description = "Target groups, by colour."
  value       = module.load_balancer.target_group_arns
}

# <end load-balancer>
output "url" {
  description = "The address."
  value       = local.url
}

output "vpc_id" {
  description = "The VPC."
  value       = local.vpc_id
}
