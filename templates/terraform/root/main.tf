locals {
  id = "${var.name}-${var.environment}"

  # Release records and the instances' reports are next to the Terraform state. infer-deploy uses this bucket name in every account and region.
  # The ending puts it into the account's own namespace, which two regions do not have yet.
  state = {
    bucket = "infer-deploy-${var.account_id}-${var.region}${contains(["me-central-1", "me-south-1"], var.region) ? "" : "-an"}"
    prefix = var.state_prefix
  }
}
# <if network>

locals {
  vpc_id                   = module.network.vpc_id
  load_balancer_subnet_ids = values(var.network.internal ? module.network.private_subnet_ids : module.network.public_subnet_ids)
  instance_subnet_ids      = module.network.instance_subnet_ids

  endpoint_security_group_ids = module.network.endpoint_security_group_ids

  flow_logs = var.network.flow_logs == null ? null : {
    log_group_arn = module.logs.arns["network"]
    role_name     = var.network.flow_logs.role_name
    traffic       = var.network.flow_logs.traffic
  }
}

module "network" {
  source = "./modules/network"

  account_id = var.account_id
  name       = local.id
  region     = var.region
  cidr       = var.network.cidr
  zones      = var.zones
  egress     = var.network.egress
  flow_logs  = local.flow_logs

  permissions_boundary = var.permissions_boundary
}
# <end network>
# <if existing-vpc>

# Nothing here changes the VPC or its subnets.
data "aws_subnet" "instances" {
  for_each = toset(var.existing_vpc.instance_subnet_ids)

  id = each.key
}

locals {
  vpc_id                   = var.existing_vpc.id
  load_balancer_subnet_ids = var.existing_vpc.load_balancer_subnet_ids
  instance_subnet_ids      = { for id, subnet in data.aws_subnet.instances : subnet.availability_zone => id }

  # Endpoints of an existing VPC have their own rules.
  endpoint_security_group_ids = []
}
# <end existing-vpc>

module "registry" {
  source = "./modules/registry"

  name          = var.names.repository
  keep_releases = var.keep_releases
}

module "logs" {
  source = "./modules/logs"

  names          = var.names.log_groups
  retention_days = var.log_retention_days
}

module "release_pointers" {
  source = "./modules/release-pointers"

  names = var.names.release_pointers
}

module "identity" {
  source = "./modules/identity"

  account_id     = var.account_id
  region         = var.region
  role_name      = var.names.instance_role
  repository_arn = module.registry.repository_arn
  log_group_arns = [for name, arn in module.logs.arns : arn if name != "network"]
  pointer_names = concat(
    values(module.release_pointers.names),
    # <if machine>
    values(var.names.door),
    # <end machine>
  )
  # <if machine>

  elastic_ip_arn = module.machine_address.arn
  acme_challenge = local.challenge == "dns-01" ? { domains = var.domain.names, zone_id = module.machine_address.zone_id } : null
  # <end machine>

  # <if fleet>

  left_target_group_names = var.instances.spot == null ? [] : values(var.names.target_groups)
  # <end fleet>

  models               = var.models
  permissions_boundary = var.permissions_boundary
  secret_names         = [for name in var.secret_names : "${var.names.secret_prefix}${name}"]
  state                = local.state
}

# <if load-balancer>
module "load_balancer" {
  source = "./modules/load-balancer"

  name                 = var.names.load_balancer
  target_group_names   = var.names.target_groups
  vpc_id               = local.vpc_id
  subnet_ids           = local.load_balancer_subnet_ids
  access_logs          = var.access_logs
  deletion_protection  = var.protection
  drain_seconds        = var.drain_seconds
  health               = var.health
  idle_timeout_seconds = var.idle_timeout_seconds
  ingress_cidrs        = var.network.ingress_cidrs
  initial_colour       = var.initial_colour
  internal             = var.network.internal
  port                 = var.port
  protocol_version     = var.protocol_version
  https                = var.domain != null
  response_headers     = var.cloudfront == null ? var.response_headers : {}
  # <if cloudfront>

  prefix_list_ids = [data.aws_ec2_managed_prefix_list.cloudfront.id]
  # <end cloudfront>
  # <if login>

  login = var.login
  # <end login>
  # <if waf>

  waf_fail_open = var.waf.key_group_arn == null
  # <end waf>
  # <if dns>

  certificate_arn = module.dns.certificate_arn
  # <end dns>
  # <if leaves-fleet>

  # The least that AWS takes: soon the names lead to the machine, and clients look them up for a new connection only.
  client_keep_alive_seconds = 60
  # <end leaves-fleet>
}
# <end load-balancer>
# <if machine-address>

module "machine_address" {
  source = "./modules/machine-address"

  name      = local.id
  zone_id   = try(var.domain.zone_id, null)
  zone_name = try(var.domain.zone_name, null)
}

# <end machine-address>
# <if serves-machine>

locals {
  url = var.domain == null ? "http://${module.machine_address.public_ip}" : "https://${var.domain.names[0]}"
  # <if address>

  leads_to = { ip = module.machine_address.public_ip, load_balancer = null }
  # <end address>
}
# <end serves-machine>
# <if dns>

module "dns" {
  source = "./modules/dns"

  domains   = var.domain.names
  zone_id   = var.domain.zone_id
  zone_name = var.domain.zone_name
}

locals {
  zone_id = module.dns.zone_id
}
# <end dns>
# <if zone-of-machine>

locals {
  zone_id = module.machine_address.zone_id
}
# <end zone-of-machine>
# <if address>
# <if serves-fleet>

locals {
  leads_to = {
    ip = null

    load_balancer = {
      dns_name = module.load_balancer.dns_name
      zone_id  = module.load_balancer.zone_id
    }
  }
}
# <end serves-fleet>

module "address" {
  source = "./modules/address"

  domains       = var.domain.names
  zone_id       = local.zone_id
  region        = var.region
  routing       = var.domain.routing
  ip            = local.leads_to.ip
  load_balancer = local.leads_to.load_balancer
  # <end address>
  # <if health-checks>

  health_check_id = module.health_checks.id

  # <end health-checks>
  # <if address>
}
# <end address>
# <if health-checks>

module "health_checks" {
  source = "./modules/health-checks"

  name_prefix               = local.id
  region                    = var.region
  load_balancer_arn_suffix  = module.load_balancer.arn_suffix
  target_group_arn_suffixes = module.load_balancer.target_group_arn_suffixes
}
# <end health-checks>
# <if direct>

locals {
  url = var.domain == null ? "http://${module.load_balancer.dns_name}" : "https://${var.domain.names[0]}"
}
# <end direct>
# <if cloudfront>

locals {
  url = "https://${module.cloudfront.domain_name}"
}

# Only CloudFront's own addresses reach the load balancer. The list counts as 55 of the 60 rules that a security group may have.
data "aws_ec2_managed_prefix_list" "cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

module "cloudfront" {
  source = "./modules/cloudfront"

  name                 = "${local.id}-${var.region}"
  cache                = var.cloudfront.cache
  read_timeout_seconds = var.idle_timeout_seconds
  response_headers     = var.response_headers
  load_balancer = {
    arn      = module.load_balancer.arn
    dns_name = module.load_balancer.dns_name
  }
}
# <end cloudfront>
# <if waf>

module "waf" {
  source = "./modules/waf"

  name              = local.id
  key_group_arn     = var.waf.key_group_arn
  load_balancer_arn = module.load_balancer.arn
  log_group_name    = var.waf.log_group_name
  mode              = var.waf.mode
  rate              = var.waf.rate
  retention_days    = var.log_retention_days
}
# <end waf>

# <if github>
module "github" {
  source = "./modules/github"

  account_id           = var.account_id
  roles                = var.github
  policy_files         = { for role in keys(var.github) : role => "${path.module}/policies/${role}.json.tftpl" }
  permissions_boundary = var.permissions_boundary
}

# <end github>
locals {
  metrics = var.metrics == null ? null : {
    log_group = module.logs.names["metrics"]
    namespace = "InferDeploy"
    instances = var.metrics.instances
    path      = var.metrics.path
    series    = var.metrics.series
  }
}

# <if fleet>
module "fleet" {
  source = "./modules/fleet"

  stack                 = { name = var.name, environment = var.environment }
  account_id            = var.account_id
  region                = var.region
  group_names           = var.names.groups
  pointer_names         = module.release_pointers.names
  ami_id                = var.ami_id
  instance_types        = concat([var.instances.type], var.instances.other_types)
  cpu_credits           = var.instances.cpu_credits
  disk_gb               = var.instances.disk_gb
  gpus                  = var.instances.gpus
  max_size              = var.instances.max
  grace_seconds         = var.instances.grace_seconds
  warmup_seconds        = var.instances.warmup_seconds
  instance_folder       = "${path.module}/instance"
  instance_profile_name = module.identity.instance_profile_name
  boot_log_group_name   = module.logs.names["boot"]
  log_group_name        = module.logs.names["app"]
  metrics               = local.metrics
  ports                 = [var.port]
  public_addresses      = var.network.egress == "public"
  spot                  = var.instances.spot
  state                 = local.state
  subnet_ids            = local.instance_subnet_ids
  tags                  = local.tags
  target_group_arns     = module.load_balancer.target_group_arns
  vpc_id                = local.vpc_id

  endpoint_security_group_ids     = local.endpoint_security_group_ids
  load_balancer_security_group_id = module.load_balancer.security_group_id
}

# <end fleet>
# <if machine>
# <end machine>
# <if proves-by-port>
locals {
  # Let's Encrypt asks on port 80, from addresses that it does not publish.
  challenge = var.domain == null || contains(var.network.ingress_cidrs, "0.0.0.0/0") ? "http-01" : "dns-01"
}

# <end proves-by-port>
# <if proves-by-record>
locals {
  # The names lead to the load balancer still.
  challenge = "dns-01"
}

# <end proves-by-record>
# <if machine>
module "machine" {
  source = "./modules/machine"

  stack                 = { name = var.name, environment = var.environment }
  account_id            = var.account_id
  region                = var.region
  name                  = var.names.machine
  pointer_names         = module.release_pointers.names
  door_names            = var.names.door
  allocation_id         = module.machine_address.allocation_id
  challenge             = local.challenge
  zone_id               = module.machine_address.zone_id
  ami_id                = var.ami_id
  instance_type         = var.instances.type
  cpu_credits           = var.instances.cpu_credits
  disk_gb               = var.instances.disk_gb
  gpus                  = var.instances.gpus
  grace_seconds         = var.instances.grace_seconds
  https                 = var.domain != null
  ingress_cidrs         = var.network.ingress_cidrs
  initial_colour        = var.initial_colour
  instance_folder       = "${path.module}/instance"
  instance_profile_name = module.identity.instance_profile_name
  boot_log_group_name   = module.logs.names["boot"]
  log_group_name        = module.logs.names["app"]
  metrics               = local.metrics
  settings              = var.door
  state                 = local.state
  # Users reach it: whatever subnets a fleet of this stack has, the machine's are public.
  subnet_ids = module.network.public_subnet_ids
  tags       = local.tags
  vpc_id     = local.vpc_id
}

module "machine_alarms" {
  source = "./modules/machine-alarms"

  name_prefix     = "${local.id}-machine"
  stack           = local.id
  group_name      = module.machine.autoscaling_group_name
  has_certificate = var.domain != null
  thresholds      = var.alarms
  action_arns     = var.alarm_action_arns
}

# <end machine>
# <if serves-machine>
locals {
  alarm_names = module.machine_alarms.names
}

# <end serves-machine>
# <if scaling>

module "scaling" {
  source = "./modules/scaling"

  group_names               = module.fleet.autoscaling_group_names
  load_balancer_arn_suffix  = module.load_balancer.arn_suffix
  target_group_arn_suffixes = module.load_balancer.target_group_arn_suffixes
  metric                    = var.scaling.metric
  series                    = var.scaling.series
  stack                     = local.id
  target                    = var.scaling.target
}
# <end scaling>

# <if alarms>
module "alarms" {
  source = "./modules/alarms"

  name_prefix               = local.id
  load_balancer_arn_suffix  = module.load_balancer.arn_suffix
  target_group_arn_suffixes = module.load_balancer.target_group_arn_suffixes
  thresholds                = var.alarms
  action_arns               = var.alarm_action_arns
}
# <end alarms>
# <if serves-fleet>

locals {
  alarm_names = module.alarms.names
}
# <end serves-fleet>
# <if budget-joined>

locals {
  budget_topic_arn = module.alerts.topic_arn
}
# <end budget-joined>
# <if budget-apart>

locals {
  budget_topic_arn = var.budget.topic
}
# <end budget-apart>
# <if budget>

module "budget" {
  source = "./modules/budget"

  name      = local.id
  usd       = var.budget.usd
  emails    = var.budget.emails
  has_topic = var.budget.joins_alerts || var.budget.topic != null
  topic_arn = local.budget_topic_arn
  tag       = { key = "infer-deploy:stack", value = local.id }
}
# <end budget>
# <if dashboard>

module "dashboard" {
  source = "./modules/dashboard"

  name                      = local.id
  query_prefix              = "${var.names.repository}/"
  region                    = var.region
  group_names               = module.fleet.autoscaling_group_names
  load_balancer_arn_suffix  = module.load_balancer.arn_suffix
  target_group_arn_suffixes = module.load_balancer.target_group_arn_suffixes
  log_groups                = module.logs.names
  instance_metrics          = try(var.metrics.instances, false)
  series                    = try(var.metrics.series, [])
}
# <end dashboard>
# <if alerts-dns>

locals {
  certificate_arn = module.dns.certificate_arn
}
# <end alerts-dns>
# <if alerts-plain>

locals {
  certificate_arn = null
}
# <end alerts-plain>
# <if alerts>

module "alerts" {
  source = "./modules/alerts"

  account_id                = var.account_id
  name_prefix               = local.id
  load_balancer_arn_suffix  = module.load_balancer.arn_suffix
  target_group_arn_suffixes = module.load_balancer.target_group_arn_suffixes
  has_certificate           = var.domain != null
  certificate_arn           = local.certificate_arn
  emails                    = var.alerts.emails
  topic_arns                = var.alerts.topic_arns
  call_topic_arns           = var.alerts.call_topic_arns
  gets_budget               = try(var.budget.joins_alerts, false)
  thresholds                = var.alerts.thresholds
  instance_metrics          = try(var.metrics.instances, false)
}
# <end alerts>
