# Plans of single modules with a provider that answers nothing but what stands here: no emulator, no network.

mock_provider "aws" {
  mock_data "aws_partition" {
    defaults = {
      dns_suffix = "amazonaws.com"
    }
  }

  mock_data "aws_ec2_instance_type_offerings" {
    defaults = {
      locations      = ["eu-central-1a", "eu-central-1b", "eu-central-1b", "eu-central-1b"]
      instance_types = ["c7i.xlarge", "c7i.xlarge", "m7i.xlarge", "t3.small"]
    }
  }

  mock_resource "aws_lb" {
    defaults = {
      arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/embeddings-production/0"
    }
  }

  mock_resource "aws_lb_target_group" {
    defaults = {
      arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/embeddings-production/0"
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{}"
    }
  }
}

run "network_with_nat" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    name   = "embeddings-production"
    cidr   = "10.42.0.0/16"
    egress = "nat"
    zones  = ["eu-central-1a", "eu-central-1b"]
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 1 && length(aws_route.nat) == 2
    error_message = "Instances are private, and both zones go out by one gateway."
  }

  assert {
    condition     = [for subnet in aws_subnet.public : subnet.cidr_block] == ["10.42.0.0/19", "10.42.32.0/19"]
    error_message = "Public subnets take the first parts of the range."
  }

  assert {
    condition     = [for subnet in aws_subnet.private : subnet.cidr_block] == ["10.42.128.0/19", "10.42.160.0/19"]
    error_message = "Private subnets take the last parts of the range."
  }

  assert {
    condition     = alltrue([for subnet in aws_subnet.public : subnet.map_public_ip_on_launch == false])
    error_message = "A subnet gives no public addresses by itself."
  }

  assert {
    condition     = length(aws_vpc_endpoint.interface) == 0 && aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway"
    error_message = "Only the free endpoint is made unasked."
  }

  assert {
    condition     = length(aws_flow_log.this) == 0
    error_message = "Flow logs are made only when asked for."
  }
}

run "network_with_a_third_zone" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    name   = "embeddings-production"
    egress = "nat-per-zone"
    zones  = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
    cidr   = "10.42.0.0/16"
    flow_logs = {
      log_group_arn = "arn:aws:logs:eu-central-1:123456789012:log-group:/infer-deploy/embeddings/production/network"
      role_name     = "embeddings-production-flow-logs"
      traffic       = "REJECT"
    }
    permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
  }

  assert {
    condition     = aws_iam_role.flow[0].permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "The flow logs' role has the user's boundary as well."
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 3
    error_message = "Each zone has a gateway."
  }

  assert {
    condition     = slice([for subnet in aws_subnet.public : subnet.cidr_block], 0, 2) == ["10.42.0.0/19", "10.42.32.0/19"] && slice([for subnet in aws_subnet.private : subnet.cidr_block], 0, 2) == ["10.42.128.0/19", "10.42.160.0/19"]
    error_message = "A third zone moves none of the subnets that were there."
  }

  assert {
    condition     = one(aws_flow_log.this).traffic_type == "REJECT" && one(aws_iam_role.flow).name == "embeddings-production-flow-logs"
    error_message = "Flow logs are made when asked for."
  }

  assert {
    condition     = !strcontains(one(data.aws_iam_policy_document.flow_write).json, "CreateLogGroup")
    error_message = "AWS does not make the log group again after destroy has removed it."
  }
}

run "network_with_endpoints" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    name   = "embeddings-production"
    cidr   = "10.42.0.0/24"
    egress = "endpoints"
    zones  = ["eu-central-1b", "eu-central-1c"]
  }

  assert {
    condition     = length(aws_nat_gateway.this) == 0 && length(aws_vpc_endpoint.interface) == 6 && aws_vpc.this.enable_dns_hostnames
    error_message = "Instances reach AWS by endpoints with private names, and nothing else."
  }

  assert {
    condition     = keys(aws_subnet.private) == ["eu-central-1b", "eu-central-1c"]
    error_message = "Zones that are named are the ones that are used."
  }

  assert {
    condition     = alltrue([for subnet in concat(values(aws_subnet.public), values(aws_subnet.private)) : tonumber(split("/", subnet.cidr_block)[1]) <= 27])
    error_message = "A load balancer needs subnets of a /27, in the smallest range as well."
  }
}

run "network_with_public_addresses" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    name   = "embeddings-production"
    cidr   = "10.42.0.0/16"
    egress = "public"
    zones  = ["eu-central-1a", "eu-central-1b"]
  }

  assert {
    condition     = output.instance_subnet_ids == output.public_subnet_ids && length(aws_nat_gateway.this) == 0 && length(aws_route.nat) == 0 && length(aws_eip.nat) == 0
    error_message = "Instances have addresses, and nothing is paid for their way out."
  }
}

run "network_refuses" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    name   = "embeddings-production"
    cidr   = "10.42.0.0/25"
    egress = "door"
    zones  = ["eu-central-1a"]
  }

  expect_failures = [var.cidr, var.egress, var.zones]
}

run "load_balancer_without_certificate" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "embeddings-production"
    target_group_names = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ingress_cidrs      = ["203.0.113.0/24", "198.51.100.0/24"]
    https              = false
  }

  assert {
    condition     = length(aws_lb_listener.https) == 0 && length(aws_lb_listener.redirect) == 0
    error_message = "Without a certificate there is nowhere to redirect to."
  }

  assert {
    condition     = aws_lb.this.drop_invalid_header_fields
    error_message = "Invalid headers are dropped."
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.health_check[0].path == "/healthz" && group.health_check[0].matcher == "200-299" && group.health_check[0].healthy_threshold == 2])
    error_message = "Both target groups have the stack's health check."
  }

  assert {
    condition     = sort([for target in one(one(aws_lb_listener.plain[0].default_action).forward).target_group : target.weight]) == tolist(["0", "100"])
    error_message = "A new listener has both target groups, one of them with all the weight."
  }

  assert {
    condition     = join(", ", keys(aws_vpc_security_group_ingress_rule.listener)) == "80 from 198.51.100.0/24, 80 from 203.0.113.0/24"
    error_message = "The load balancer is reached by the given ranges only, and on 80 only as long as there is no certificate."
  }
}

run "load_balancer_with_certificate" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "embeddings-production"
    target_group_names = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ingress_cidrs      = ["0.0.0.0/0"]
    https              = true
    certificate_arn    = "arn:aws:acm:eu-central-1:123456789012:certificate/0"
    response_headers   = { strict_transport_security = "max-age=60" }
  }

  assert {
    condition     = aws_lb_listener.https[0].ssl_policy == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    error_message = "TLS 1.2 is the least."
  }

  assert {
    condition     = one(aws_lb_listener.redirect[0].default_action).redirect[0].status_code == "HTTP_301" && length(aws_lb_listener.plain) == 0
    error_message = "Plain HTTP is redirected, in the default action."
  }

  assert {
    condition     = aws_lb_listener.https[0].routing_http_response_strict_transport_security_header_value == "max-age=60"
    error_message = "The HTTPS listener has the response headers."
  }

  assert {
    condition     = join(", ", keys(aws_vpc_security_group_ingress_rule.listener)) == "443 from 0.0.0.0/0, 80 from 0.0.0.0/0"
    error_message = "With a certificate both ports are open."
  }
}

run "load_balancer_reached_by_lists_of_addresses" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "embeddings-production"
    target_group_names = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ingress_cidrs      = ["0.0.0.0/0"]
    prefix_list_ids    = ["pl-0123456789abcdef0"]
    https              = false
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.listener : "${rule.from_port} ${rule.prefix_list_id}" if rule.cidr_ipv4 == null] == ["80 pl-0123456789abcdef0"]
    error_message = "Only the addresses of the list, on port 80."
  }
}

run "load_balancer_for_grpc" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "shout-production"
    target_group_names = { blue = "shout-production-blue", green = "shout-production-green" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ingress_cidrs      = ["0.0.0.0/0"]
    https              = true
    certificate_arn    = "arn:aws:acm:eu-central-1:123456789012:certificate/0"
    protocol_version   = "GRPC"
    health             = { path = "/grpc.health.v1.Health/Check", matcher = "0" }
  }

  assert {
    condition     = alltrue([for group in aws_lb_target_group.this : group.protocol_version == "GRPC" && group.health_check[0].matcher == "0"])
    error_message = "Both target groups speak gRPC, and their checks have its codes."
  }
}

run "load_balancer_for_grpc_without_certificate" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "shout-production"
    target_group_names = { blue = "shout-production-blue" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ingress_cidrs      = ["0.0.0.0/0"]
    https              = false
    protocol_version   = "GRPC"
  }

  expect_failures = [aws_lb_target_group.this]
}

run "load_balancer_refuses" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "internal-production"
    target_group_names = { blue = "a-name-of-more-than-thirty-two-characters" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0"]
    ingress_cidrs      = ["everybody"]
    https              = false
    drain_seconds      = -1
    health             = { path = "healthz", interval_seconds = 5, timeout_seconds = 5 }
    initial_colour     = "red"
    port               = 0
  }

  expect_failures = [
    var.drain_seconds,
    var.health,
    var.ingress_cidrs,
    var.initial_colour,
    var.name,
    var.port,
    var.target_group_names,
  ]
}

run "fleet" {
  command = plan

  module {
    source = "./modules/fleet"
  }

  variables {
    stack                           = { name = "embeddings", environment = "production" }
    group_names                     = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    pointer_names                   = { blue = "/infer-deploy/embeddings/production/blue/release", green = "/infer-deploy/embeddings/production/green/release" }
    ami_id                          = "ami-0123456789abcdef0"
    instance_types                  = ["c7i.xlarge"]
    disk_gb                         = 200
    max_size                        = 4
    grace_seconds                   = 420
    instance_folder                 = "./instance"
    instance_profile_name           = "embeddings-production-eu-central-1-instance"
    account_id                      = "123456789012"
    boot_log_group_name             = "/infer-deploy/embeddings/production/boot"
    log_group_name                  = "/infer-deploy/embeddings/production/app"
    state                           = { bucket = "infer-deploy-123456789012-eu-central-1-an", prefix = "embeddings/production" }
    public_addresses                = false
    load_balancer_security_group_id = "sg-0123456789abcdef0"
    ports                           = [8080]
    endpoint_security_group_ids     = ["sg-0123456789abcdef1"]
    vpc_id                          = "vpc-0123456789abcdef0"
    tags                            = { "infer-deploy:name" = "embeddings" }
    subnet_ids = {
      eu-central-1a = "subnet-0000000000000000a"
      eu-central-1c = "subnet-0000000000000000c"
    }
    target_group_arns = {
      blue  = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/blue/0"
      green = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/green/0"
    }
  }

  assert {
    condition = (
      aws_vpc_security_group_ingress_rule.from_load_balancer["8080"].cidr_ipv4 == null &&
      aws_vpc_security_group_ingress_rule.from_load_balancer["8080"].from_port == 8080 &&
      aws_vpc_security_group_ingress_rule.from_load_balancer["8080"].referenced_security_group_id == "sg-0123456789abcdef0"
    )
    error_message = "Instances are reached by the load balancer on their port, by no address."
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_ingress_rule.endpoints_from_instances : "${rule.security_group_id} ${rule.from_port}"] == ["sg-0123456789abcdef1 443"]
    error_message = "The endpoints let the instances in."
  }

  assert {
    condition     = alltrue([for template in aws_launch_template.this : template.metadata_options[0].http_tokens == "required" && template.metadata_options[0].http_put_response_hop_limit == 1])
    error_message = "Instances answer only IMDSv2, and not to a container."
  }

  assert {
    condition     = alltrue([for template in aws_launch_template.this : template.monitoring[0].enabled == false])
    error_message = "Detailed metrics cost money, and nothing reads them."
  }

  assert {
    condition     = alltrue([for template in aws_launch_template.this : template.block_device_mappings[0].ebs[0].encrypted == "true"])
    error_message = "Disks are encrypted."
  }

  assert {
    condition     = alltrue([for template in aws_launch_template.this : template.block_device_mappings[0].ebs[0].throughput == 250])
    error_message = "A large disk is fast enough for a large image."
  }

  assert {
    condition = alltrue([
      for template in aws_launch_template.this :
      length([for specification in template.tag_specifications : specification if specification.tags["infer-deploy:name"] == "embeddings"]) == 3
    ])
    error_message = "Instances, volumes and network interfaces get the tags that the provider does not give them."
  }

  assert {
    condition     = alltrue([for template in aws_launch_template.this : length(template.user_data) / 4 * 3 <= 16384])
    error_message = "The user data fits."
  }

  assert {
    condition     = [for file in local.cloud_config["green"].write_files : file.path] == ["/opt/infer-deploy/bootstrap", "/etc/infer-deploy/instance.json"]
    error_message = "User data has the program that fetches the rest, and its parameters."
  }

  assert {
    condition     = [for file in jsondecode(aws_s3_object.bundle.content).files : "${file.path} ${file.permissions}"] == ["/opt/infer-deploy/boot 0755", "/opt/infer-deploy/infer-deploy-agent 0755", "/etc/systemd/system/infer-deploy-agent.service 0644", "/etc/systemd/system/infer-deploy-app.service 0644", "/etc/systemd/system/infer-deploy-before.service 0644"]
    error_message = "Instances fetch the boot script, the agent and its units."
  }

  assert {
    condition = jsondecode(local.cloud_config["green"].write_files[1].content) == {
      schema_version = 1
      name           = "embeddings"
      environment    = "production"
      colour         = "green"
      account        = "123456789012"
      region         = "eu-central-1"
      domain         = "amazonaws.com"
      pointer        = "/infer-deploy/embeddings/production/green/release"
      bucket         = "infer-deploy-123456789012-eu-central-1-an"
      prefix         = "embeddings/production"
      log_group      = "/infer-deploy/embeddings/production/app"
      boot_log_group = "/infer-deploy/embeddings/production/boot"
      poll_seconds   = 30
      metrics        = null
      gpus           = 0
      bundle         = { key = "embeddings/production/instance/${sha256(local.bundle)}.json", sha256 = sha256(local.bundle) }
    }
    error_message = "An instance knows its colour and where its release is."
  }

  assert {
    condition     = alltrue([for group in aws_autoscaling_group.this : group.vpc_zone_identifier == toset(["subnet-0000000000000000a"])])
    error_message = "Groups use the zones that offer the type."
  }

  assert {
    condition     = alltrue([for group in aws_autoscaling_group.this : group.min_size == 0 && group.desired_capacity == 0 && group.health_check_type == "ELB"])
    error_message = "Groups are made empty and replace what the load balancer finds unhealthy."
  }

  assert {
    condition = alltrue([
      for group in aws_autoscaling_group.this :
      group.instance_maintenance_policy[0].min_healthy_percentage == 100 && group.instance_maintenance_policy[0].max_healthy_percentage == 200
    ])
    error_message = "A replacement is healthy before the unhealthy instance leaves."
  }
}

run "fleet_of_several_types" {
  command = plan

  module {
    source = "./modules/fleet"
  }

  variables {
    stack                           = { name = "embeddings", environment = "production" }
    group_names                     = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    pointer_names                   = { blue = "/blue", green = "/green" }
    ami_id                          = "ami-0123456789abcdef0"
    instance_types                  = ["m7i.xlarge", "c7i.xlarge"]
    max_size                        = 8
    grace_seconds                   = 420
    instance_folder                 = "./instance"
    instance_profile_name           = "embeddings-production-eu-central-1-instance"
    account_id                      = "123456789012"
    boot_log_group_name             = "/boot"
    log_group_name                  = "/infer-deploy/embeddings/production/app"
    state                           = { bucket = "infer-deploy-123456789012-eu-central-1-an", prefix = "embeddings/production" }
    public_addresses                = false
    load_balancer_security_group_id = "sg-0123456789abcdef0"
    ports                           = [8080]
    vpc_id                          = "vpc-0123456789abcdef0"
    tags                            = {}
    subnet_ids                      = { eu-central-1a = "subnet-0000000000000000a", eu-central-1b = "subnet-0000000000000000b" }
    target_group_arns               = { blue = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/blue/0", green = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/green/0" }
  }

  assert {
    condition = alltrue([
      for group in aws_autoscaling_group.this :
      length(group.launch_template) == 0 &&
      join(" ", group.mixed_instances_policy[0].launch_template[0].override[*].instance_type) == "m7i.xlarge c7i.xlarge"
    ])
    error_message = "The types are in the order of preference."
  }

  assert {
    condition = alltrue([
      for group in aws_autoscaling_group.this :
      group.mixed_instances_policy[0].instances_distribution[0].on_demand_allocation_strategy == "prioritized" &&
      group.mixed_instances_policy[0].instances_distribution[0].on_demand_percentage_above_base_capacity == 100
    ])
    error_message = "The order is AWS's order, and every instance is On-Demand."
  }

  assert {
    condition     = alltrue([for group in aws_autoscaling_group.this : length(group.vpc_zone_identifier) == 2])
    error_message = "A zone that offers one of the types is used."
  }
}

run "fleet_with_spot_instances" {
  command = plan

  module {
    source = "./modules/fleet"
  }

  variables {
    stack                           = { name = "embeddings", environment = "production" }
    group_names                     = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    pointer_names                   = { blue = "/blue", green = "/green" }
    ami_id                          = "ami-0123456789abcdef0"
    instance_types                  = ["c7i.xlarge"]
    spot                            = { base = 1, share = 60 }
    max_size                        = 8
    grace_seconds                   = 420
    instance_folder                 = "./instance"
    instance_profile_name           = "embeddings-production-eu-central-1-instance"
    account_id                      = "123456789012"
    boot_log_group_name             = "/boot"
    log_group_name                  = "/infer-deploy/embeddings/production/app"
    state                           = { bucket = "infer-deploy-123456789012-eu-central-1-an", prefix = "embeddings/production" }
    public_addresses                = false
    load_balancer_security_group_id = "sg-0123456789abcdef0"
    ports                           = [8080]
    vpc_id                          = "vpc-0123456789abcdef0"
    tags                            = {}
    subnet_ids                      = { eu-central-1a = "subnet-0000000000000000a", eu-central-1b = "subnet-0000000000000000b" }
    target_group_arns               = { blue = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/blue/0", green = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/green/0" }
  }

  assert {
    condition = alltrue([
      for group in aws_autoscaling_group.this :
      group.mixed_instances_policy[0].instances_distribution[0].on_demand_base_capacity == 1 &&
      group.mixed_instances_policy[0].instances_distribution[0].on_demand_percentage_above_base_capacity == 40 &&
      group.mixed_instances_policy[0].instances_distribution[0].spot_allocation_strategy == "price-capacity-optimized" &&
      group.capacity_rebalance
    ])
    error_message = "One instance is On-Demand, and of the others 60 % are Spot Instances, with successors before they go."
  }

  assert {
    condition     = jsondecode(local.cloud_config["green"].write_files[1].content).target_group == var.target_group_arns["green"]
    error_message = "An instance knows which target group it leaves."
  }
}

run "fleet_refuses_a_type_of_its_list_that_no_zone_has" {
  command = plan

  module {
    source = "./modules/fleet"
  }

  variables {
    stack                           = { name = "embeddings", environment = "production" }
    group_names                     = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    pointer_names                   = { blue = "/blue", green = "/green" }
    ami_id                          = "ami-0123456789abcdef0"
    instance_types                  = ["c7i.xlarge", "p5.48xlarge"]
    max_size                        = 4
    grace_seconds                   = 420
    instance_folder                 = "./instance"
    instance_profile_name           = "embeddings-production-eu-central-1-instance"
    account_id                      = "123456789012"
    boot_log_group_name             = "/boot"
    log_group_name                  = "/infer-deploy/embeddings/production/app"
    state                           = { bucket = "infer-deploy-123456789012-eu-central-1-an", prefix = "embeddings/production" }
    public_addresses                = false
    load_balancer_security_group_id = "sg-0123456789abcdef0"
    ports                           = [8080]
    vpc_id                          = "vpc-0123456789abcdef0"
    tags                            = {}
    subnet_ids                      = { eu-central-1a = "subnet-0000000000000000a" }
    target_group_arns               = { blue = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/blue/0", green = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/green/0" }
  }

  expect_failures = [aws_autoscaling_group.this]
}

run "release_pointers" {
  command = plan

  module {
    source = "./modules/release-pointers"
  }

  variables {
    names = { blue = "/infer-deploy/embeddings/production/blue/release", green = "/infer-deploy/embeddings/production/green/release" }
  }

  assert {
    condition     = alltrue([for pointer in aws_ssm_parameter.this : nonsensitive(pointer.value) == "{}"])
    error_message = "A colour begins without a release."
  }
}

run "fleet_refuses_a_type_that_no_zone_has" {
  command = plan

  module {
    source = "./modules/fleet"
  }

  variables {
    stack                           = { name = "embeddings", environment = "production" }
    group_names                     = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    pointer_names                   = { blue = "/blue", green = "/green" }
    ami_id                          = "ami-0123456789abcdef0"
    instance_types                  = ["c7i.xlarge"]
    max_size                        = 4
    grace_seconds                   = 420
    instance_folder                 = "./instance"
    instance_profile_name           = "embeddings-production-eu-central-1-instance"
    account_id                      = "123456789012"
    boot_log_group_name             = "/boot"
    log_group_name                  = "/infer-deploy/embeddings/production/app"
    state                           = { bucket = "infer-deploy-123456789012-eu-central-1-an", prefix = "embeddings/production" }
    public_addresses                = false
    load_balancer_security_group_id = "sg-0123456789abcdef0"
    ports                           = [8080]
    vpc_id                          = "vpc-0123456789abcdef0"
    tags                            = {}
    subnet_ids                      = { eu-central-1c = "subnet-0000000000000000c" }
    target_group_arns               = { blue = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/blue/0", green = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/green/0" }
  }

  expect_failures = [aws_autoscaling_group.this]
}

run "scaling_by_requests" {
  command = plan

  module {
    source = "./modules/scaling"
  }

  variables {
    group_names               = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    load_balancer_arn_suffix  = "app/embeddings-production/0"
    target_group_arn_suffixes = { blue = "targetgroup/blue/1", green = "targetgroup/green/2" }
    metric                    = "requests"
    target                    = 600
  }

  assert {
    condition = {
      for colour, policy in aws_autoscaling_policy.target : colour =>
      policy.target_tracking_configuration[0].predefined_metric_specification[0].resource_label
      } == {
      blue  = "app/embeddings-production/0/targetgroup/blue/1"
      green = "app/embeddings-production/0/targetgroup/green/2"
    }
    error_message = "Each colour follows the requests of its own target group."
  }

  assert {
    condition     = alltrue([for policy in values(aws_autoscaling_policy.target) : policy.target_tracking_configuration[0].target_value == 600])
    error_message = "The target is the given one."
  }
}

run "scaling_by_a_series" {
  command = plan

  module {
    source = "./modules/scaling"
  }

  variables {
    group_names               = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    load_balancer_arn_suffix  = "app/embeddings-production/0"
    target_group_arn_suffixes = { blue = "targetgroup/blue/1", green = "targetgroup/green/2" }
    metric                    = "series"
    series                    = "queue_texts"
    stack                     = "embeddings-production"
    target                    = 4
  }

  assert {
    condition = {
      for colour, policy in aws_autoscaling_policy.target : colour => merge([
        for own in policy.target_tracking_configuration[0].customized_metric_specification : merge(
          { metric = "${own.namespace} ${own.metric_name} ${own.statistic}" },
          { for dimension in own.metric_dimension : dimension.name => dimension.value },
        )
      ]...)
      } == {
      for colour in ["blue", "green"] : colour => {
        metric = "InferDeploy queue_texts Average"
        Colour = colour
        Stack  = "embeddings-production"
      }
    }
    error_message = "Each colour follows the average of the series over its own instances."
  }

  assert {
    condition     = alltrue([for policy in values(aws_autoscaling_policy.target) : length(policy.target_tracking_configuration[0].predefined_metric_specification) == 0])
    error_message = "AWS takes one kind of metric only."
  }
}

run "scaling_by_a_series_without_a_name" {
  command = plan

  module {
    source = "./modules/scaling"
  }

  variables {
    group_names               = { blue = "a-blue", green = "a-green" }
    load_balancer_arn_suffix  = "app/a/0"
    target_group_arn_suffixes = { blue = "targetgroup/blue/1", green = "targetgroup/green/2" }
    metric                    = "series"
    target                    = 4
  }

  expect_failures = [var.metric]
}

run "scaling_by_an_unknown_metric" {
  command = plan

  module {
    source = "./modules/scaling"
  }

  variables {
    group_names               = { blue = "a-blue", green = "a-green" }
    load_balancer_arn_suffix  = "app/a/0"
    target_group_arn_suffixes = { blue = "targetgroup/blue/1", green = "targetgroup/green/2" }
    metric                    = "luck"
    target                    = 600
  }

  expect_failures = [var.metric]
}

run "alarms" {
  command = plan

  module {
    source = "./modules/alarms"
  }

  variables {
    name_prefix               = "embeddings-production"
    load_balancer_arn_suffix  = "app/embeddings-production/0"
    target_group_arn_suffixes = { blue = "targetgroup/blue/0", green = "targetgroup/green/0" }
    action_arns               = ["arn:aws:sns:eu-central-1:123456789012:on-call"]
    thresholds                = { errors_per_minute = 7, unanswered_per_minute = 40 }
  }

  assert {
    condition = alltrue([
      for alarm in concat(
        values(aws_cloudwatch_metric_alarm.errors),
        values(aws_cloudwatch_metric_alarm.unhealthy),
        values(aws_cloudwatch_metric_alarm.latency),
        [aws_cloudwatch_metric_alarm.unanswered],
      ) : alarm.alarm_actions == toset(var.action_arns) && alarm.ok_actions == toset(var.action_arns)
    ])
    error_message = "Every alarm reports when it goes off and when it is over."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.errors["blue"].threshold == 7 && aws_cloudwatch_metric_alarm.unanswered.threshold == 40
    error_message = "The app's errors and the load balancer's own have their own thresholds."
  }
}

run "alerts" {
  command = plan

  module {
    source = "./modules/alerts"
  }

  variables {
    account_id                = "123456789012"
    name_prefix               = "embeddings-production"
    load_balancer_arn_suffix  = "app/embeddings-production/0"
    target_group_arn_suffixes = { blue = "targetgroup/blue/0", green = "targetgroup/green/0" }
    topic_arns                = ["arn:aws:sns:eu-central-1:123456789012:chat"]
    call_topic_arns           = ["arn:aws:sns:eu-central-1:123456789012:pager"]
    has_certificate           = true
    certificate_arn           = "arn:aws:acm:eu-central-1:123456789012:certificate/0"
    thresholds                = { error_percent = 7, min_requests = 30 }
  }

  assert {
    condition = alltrue([
      for alarm in concat(
        values(aws_cloudwatch_metric_alarm.share),
        values(aws_cloudwatch_metric_alarm.connections),
        aws_cloudwatch_metric_alarm.certificate,
        [aws_cloudwatch_metric_alarm.slow, aws_cloudwatch_metric_alarm.no_healthy_host],
      ) : alarm.alarm_actions == toset(var.topic_arns) && alarm.ok_actions == toset(var.topic_arns) && alarm.treat_missing_data == "notBreaching" && try(length(alarm.insufficient_data_actions), 0) == 0
    ])
    error_message = "Every alarm reports when it goes off and when it is over, and not when there is no data."
  }

  assert {
    condition     = aws_cloudwatch_composite_alarm.call.alarm_actions == toset(var.call_topic_arns)
    error_message = "The alarm that calls a person has its own topics."
  }

  assert {
    condition     = aws_cloudwatch_composite_alarm.call.alarm_rule == "ALARM(\"embeddings-production-error-share\") OR ALARM(\"embeddings-production-unanswered-share\") OR ALARM(\"embeddings-production-no-healthy-host\")"
    error_message = "A person is called for errors and for no healthy host, not for a certificate."
  }

  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.share["error-share"].metric_query : query.expression if query.return_data == true]) == "IF(requests >= 30, 100 * FILL(bad, 0) / requests, 0)" && aws_cloudwatch_metric_alarm.share["error-share"].threshold == 7
    error_message = "A share counts with enough requests only."
  }

  assert {
    condition     = length(aws_sns_topic.this) == 0
    error_message = "Existing topics need no topic of the stack."
  }
}

run "alerts_by_mail" {
  command = plan

  module {
    source = "./modules/alerts"
  }

  variables {
    account_id                = "123456789012"
    name_prefix               = "embeddings-production"
    load_balancer_arn_suffix  = "app/embeddings-production/0"
    target_group_arn_suffixes = { blue = "targetgroup/blue/0", green = "targetgroup/green/0" }
    emails                    = ["a@example.com", "b@example.com"]
  }

  assert {
    condition     = length(aws_sns_topic_subscription.email) == 2 && length(aws_cloudwatch_metric_alarm.certificate) == 0
    error_message = "Each address has its subscription; without a certificate none is watched."
  }

  assert {
    condition     = one(one(data.aws_iam_policy_document.topic[0].statement).condition).variable == "aws:SourceAccount"
    error_message = "Only alarms of this account may publish."
  }
}

run "alerts_refuse_a_share_that_is_always_reached" {
  command = plan

  module {
    source = "./modules/alerts"
  }

  variables {
    account_id                = "123456789012"
    name_prefix               = "embeddings-production"
    load_balancer_arn_suffix  = "app/embeddings-production/0"
    target_group_arn_suffixes = { blue = "targetgroup/blue/0", green = "targetgroup/green/0" }
    emails                    = ["a@example.com"]
    thresholds                = { error_percent = 0 }
  }

  expect_failures = [var.thresholds]
}

run "alerts_of_what_instances_measure" {
  command = plan

  module {
    source = "./modules/alerts"
  }

  variables {
    account_id                = "123456789012"
    name_prefix               = "embeddings-production"
    load_balancer_arn_suffix  = "app/embeddings-production/0"
    target_group_arn_suffixes = { blue = "targetgroup/blue/0", green = "targetgroup/green/0" }
    emails                    = ["a@example.com"]
    instance_metrics          = true
    thresholds                = { memory_percent = 80 }
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.fill["memory"].threshold == 80 && aws_cloudwatch_metric_alarm.fill["disk"].threshold == 85
    error_message = "Memory and disk have their own thresholds."
  }

  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.fill["disk"].metric_query : query.expression if query.return_data == true]) == "MAX([IF(FILL(requests_blue, 0) > 0, used_blue, 0), IF(FILL(requests_green, 0) > 0, used_green, 0)])"
    error_message = "A colour without requests does not count."
  }
}

run "budget" {
  command = plan

  module {
    source = "./modules/budget"
  }

  variables {
    name   = "embeddings-production"
    usd    = 200
    emails = ["owner@example.com"]
    tag    = { key = "infer-deploy:stack", value = "embeddings-production" }
  }

  assert {
    condition     = one(aws_budgets_budget.this.cost_filter).values == tolist(["user:infer-deploy:stack$embeddings-production"])
    error_message = "AWS shows 0 USD for any other spelling of a tag."
  }

  assert {
    condition     = length([for one in aws_budgets_budget.this.notification : one if one.notification_type == "ACTUAL"]) == 3 && length([for one in aws_budgets_budget.this.notification : one if one.notification_type == "FORECASTED"]) == 1
    error_message = "Three notifications of what was spent, one of what AWS expects."
  }
}

run "budget_with_a_topic" {
  command = plan

  module {
    source = "./modules/budget"
  }

  variables {
    name      = "embeddings-production"
    usd       = 200
    has_topic = true
    topic_arn = "arn:aws:sns:eu-central-1:123456789012:embeddings-production-alerts"
    tag       = { key = "infer-deploy:stack", value = "embeddings-production" }
  }

  assert {
    condition     = alltrue([for one in aws_budgets_budget.this.notification : one.subscriber_sns_topic_arns == toset(["arn:aws:sns:eu-central-1:123456789012:embeddings-production-alerts"]) && length(one.subscriber_email_addresses) == 0])
    error_message = "Each notification goes to the topic, and no address gets it twice."
  }
}

run "budget_without_an_address" {
  command = plan

  module {
    source = "./modules/budget"
  }

  variables {
    name   = "embeddings-production"
    usd    = 200
    emails = []
    tag    = { key = "infer-deploy:stack", value = "embeddings-production" }
  }

  expect_failures = [var.emails]
}

run "dashboard" {
  command = plan

  module {
    source = "./modules/dashboard"
  }

  variables {
    name                      = "embeddings-production"
    query_prefix              = "infer-deploy/embeddings/production/"
    region                    = "eu-central-1"
    group_names               = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    load_balancer_arn_suffix  = "app/embeddings-production/0"
    target_group_arn_suffixes = { blue = "targetgroup/blue/0", green = "targetgroup/green/0" }
    log_groups                = { app = "/app", boot = "/boot" }
    series                    = ["queue_texts"]
  }

  assert {
    condition     = length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) == 6 && jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets[5].properties.title == "queue_texts"
    error_message = "A series of the app has its own graph, after the others."
  }

  assert {
    condition     = join(" ", keys(aws_cloudwatch_query_definition.this)) == "app/errors app/lines-a-minute boot/failures"
    error_message = "Without flow logs there is no query of them."
  }
}

run "identity" {
  command = plan

  module {
    source = "./modules/identity"
  }

  variables {
    role_name            = "embeddings-production-eu-central-1-instance"
    repository_arn       = "arn:aws:ecr:eu-central-1:123456789012:repository/infer-deploy/embeddings/production"
    log_group_arns       = ["arn:aws:logs:eu-central-1:123456789012:log-group:/infer-deploy/embeddings/production/app"]
    pointer_names        = ["/infer-deploy/embeddings/production/blue/release"]
    secret_names         = ["infer-deploy/embeddings/production/HF_TOKEN"]
    state                = { bucket = "infer-deploy-123456789012-eu-central-1", prefix = "embeddings/production" }
    permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
  }

  assert {
    condition     = aws_iam_role.instance.permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "The role has the user's boundary."
  }

  assert {
    condition = join(" ", flatten([
      for statement in data.aws_iam_policy_document.instance.statement : [
        for condition in statement.condition : "${join(",", statement.actions)} ${condition.test} ${condition.variable} ${join(",", condition.values)}"
      ] if anytrue([for action in statement.actions : startswith(action, "s3:")])
    ])) == "s3:GetObject StringEquals aws:ResourceAccount 123456789012 s3:PutObject StringEquals aws:ResourceAccount 123456789012"
    error_message = "Instances reach no bucket of another account."
  }

  assert {
    condition = join(" ", flatten([
      for statement in data.aws_iam_policy_document.instance.statement : tolist(statement.resources)
      if contains(statement.actions, "secretsmanager:GetSecretValue")
    ])) == "${local.arn_prefix}:secretsmanager:eu-central-1:123456789012:secret:infer-deploy/embeddings/production/HF_TOKEN-??????"
    error_message = "Instances read the secrets that are named, and no other."
  }
}

# Every right of an instance, so that another one is a decision.
run "identity_has_nothing_else" {
  command = plan

  module {
    source = "./modules/identity"
  }

  variables {
    role_name      = "embeddings-production-eu-central-1-instance"
    repository_arn = "arn:aws:ecr:eu-central-1:123456789012:repository/infer-deploy/embeddings/production"
    log_group_arns = ["arn:aws:logs:eu-central-1:123456789012:log-group:/infer-deploy/embeddings/production/app"]
    pointer_names  = ["/infer-deploy/embeddings/production/blue/release"]
    secret_names   = ["infer-deploy/embeddings/production/HF_TOKEN"]
    state          = { bucket = "infer-deploy-123456789012-eu-central-1-an", prefix = "embeddings/production" }
  }

  assert {
    condition = {
      for pair in flatten([
        for statement in data.aws_iam_policy_document.instance.statement : [
          for action in statement.actions : { action = action, resources = join(" ", statement.resources) }
        ]
      ]) : pair.action => replace(pair.resources, local.arn_prefix, "arn")
      } == {
      "ecr:BatchCheckLayerAvailability"  = replace(var.repository_arn, local.arn_prefix, "arn")
      "ecr:BatchGetImage"                = replace(var.repository_arn, local.arn_prefix, "arn")
      "ecr:GetAuthorizationToken"        = "*"
      "ecr:GetDownloadUrlForLayer"       = replace(var.repository_arn, local.arn_prefix, "arn")
      "logs:CreateLogStream"             = replace("${var.log_group_arns[0]}:*", local.arn_prefix, "arn")
      "logs:PutLogEvents"                = replace("${var.log_group_arns[0]}:*", local.arn_prefix, "arn")
      "s3:GetObject"                     = "arn:s3:::infer-deploy-123456789012-eu-central-1-an/embeddings/production/instance/* arn:s3:::infer-deploy-123456789012-eu-central-1-an/embeddings/production/releases/*"
      "s3:PutObject"                     = "arn:s3:::infer-deploy-123456789012-eu-central-1-an/embeddings/production/agents/*"
      "secretsmanager:GetSecretValue"    = "arn:secretsmanager:eu-central-1:123456789012:secret:infer-deploy/embeddings/production/HF_TOKEN-??????"
      "ssm:GetParameter"                 = "arn:ssm:eu-central-1:123456789012:parameter/infer-deploy/embeddings/production/blue/release"
      "ssm:UpdateInstanceInformation"    = "arn:ec2:eu-central-1:123456789012:instance/*"
      "ssmmessages:CreateControlChannel" = "*"
      "ssmmessages:CreateDataChannel"    = "*"
      "ssmmessages:OpenControlChannel"   = "*"
      "ssmmessages:OpenDataChannel"      = "*"
    }
    error_message = "An instance pulls from its repository, reads its program, pointers, records and secrets, reports, logs and opens sessions, and nothing else."
  }
}

run "identity_with_models" {
  command = plan

  module {
    source = "./modules/identity"
  }

  variables {
    role_name      = "embeddings-production-eu-central-1-instance"
    repository_arn = "arn:aws:ecr:eu-central-1:123456789012:repository/infer-deploy/embeddings/production"
    log_group_arns = ["arn:aws:logs:eu-central-1:123456789012:log-group:/infer-deploy/embeddings/production/app"]
    pointer_names  = ["/infer-deploy/embeddings/production/blue/release"]
    models         = ["models/minilm/v1", "whole/"]
    state          = { bucket = "infer-deploy-123456789012-eu-central-1-an", prefix = "embeddings/production" }
  }

  assert {
    condition = join(" ", flatten([
      for statement in data.aws_iam_policy_document.instance.statement : tolist(statement.resources)
      if contains(statement.actions, "s3:GetObjectVersion")
    ])) == replace("arn:s3:::models/minilm/v1 arn:s3:::models/minilm/v1/* arn:s3:::whole/*", "arn:", "${local.arn_prefix}:")
    error_message = "Instances read the models that are named, and nothing next to them."
  }
}

run "identity_with_spot_instances" {
  command = plan

  module {
    source = "./modules/identity"
  }

  variables {
    role_name               = "embeddings-production-eu-central-1-instance"
    repository_arn          = "arn:aws:ecr:eu-central-1:123456789012:repository/infer-deploy/embeddings/production"
    log_group_arns          = ["arn:aws:logs:eu-central-1:123456789012:log-group:/infer-deploy/embeddings/production/app"]
    pointer_names           = ["/infer-deploy/embeddings/production/blue/release"]
    state                   = { bucket = "infer-deploy-123456789012-eu-central-1-an", prefix = "embeddings/production" }
    left_target_group_names = ["embeddings-production-blue"]
  }

  assert {
    condition = join(" ", flatten([
      for statement in data.aws_iam_policy_document.instance.statement : tolist(statement.resources)
      if contains(statement.actions, "elasticloadbalancing:DeregisterTargets")
    ])) == "${local.arn_prefix}:elasticloadbalancing:eu-central-1:123456789012:targetgroup/embeddings-production-blue/*"
    error_message = "A Spot Instance leaves the stack's target groups, and no other."
  }
}

run "identity_without_secrets" {
  command = plan

  module {
    source = "./modules/identity"
  }

  variables {
    role_name      = "embeddings-production-eu-central-1-instance"
    repository_arn = "arn:aws:ecr:eu-central-1:123456789012:repository/infer-deploy/embeddings/production"
    log_group_arns = ["arn:aws:logs:eu-central-1:123456789012:log-group:/infer-deploy/embeddings/production/app"]
    pointer_names  = ["/infer-deploy/embeddings/production/blue/release"]
    state          = { bucket = "infer-deploy-123456789012-eu-central-1", prefix = "embeddings/production" }
  }

  assert {
    condition = alltrue([
      for statement in data.aws_iam_policy_document.instance.statement :
      !contains(statement.actions, "secretsmanager:GetSecretValue")
    ])
    error_message = "Without secrets, instances may not ask Secrets Manager."
  }
}

run "github" {
  command = plan

  module {
    source = "./modules/github"
  }

  variables {
    permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
    policy_files         = { release = "./policies/release.json.tftpl", plan = "./policies/plan.json.tftpl" }
    roles = {
      release = { role_name = "embeddings-release", subjects = ["repo:octo-org/octo-repo:ref:refs/heads/main"] }
      plan    = { role_name = "embeddings-plan", subjects = ["repo:octo-org/octo-repo:pull_request"] }
    }
  }

  assert {
    condition = alltrue([
      for role, document in data.aws_iam_policy_document.assume :
      join(" ", document.statement[0].actions) == "sts:AssumeRoleWithWebIdentity" &&
      length(document.statement) == 1 &&
      { for condition in document.statement[0].condition : condition.variable => "${condition.test} ${join(" ", condition.values)}" } == {
        "token.actions.githubusercontent.com:aud" = "StringEquals sts.amazonaws.com"
        "token.actions.githubusercontent.com:sub" = "StringEquals ${var.roles[role].subjects[0]}"
      }
    ])
    error_message = "A role takes tokens for AWS with exactly its subjects."
  }

  assert {
    condition = alltrue([
      for role in values(aws_iam_role.this) : role.permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    ])
    error_message = "Both roles have the user's boundary."
  }

  assert {
    condition = alltrue([
      for policy in values(aws_iam_role_policy.this) :
      length(regexall("[$%]{", policy.policy)) == 0 && can(jsondecode(policy.policy).Statement[0].Sid)
    ])
    error_message = "The policies are complete documents."
  }

  assert {
    condition     = strcontains(aws_iam_role_policy.this["release"].policy, "s3:PutObject") && !strcontains(aws_iam_role_policy.this["plan"].policy, "s3:PutObject")
    error_message = "Only the role that releases writes."
  }
}

run "github_refuses_wildcards" {
  command = plan

  module {
    source = "./modules/github"
  }

  variables {
    policy_files = { release = "./policies/release.json.tftpl" }
    roles        = { release = { role_name = "embeddings-release", subjects = ["repo:octo-org/*:ref:refs/heads/main"] } }
  }

  expect_failures = [var.roles]
}

run "registry" {
  command = plan

  module {
    source = "./modules/registry"
  }

  variables {
    name = "infer-deploy/embeddings/production"
  }

  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.this.image_scanning_configuration[0].scan_on_push && !aws_ecr_repository.this.force_delete
    error_message = "Tags cannot be moved, pushes are scanned, images are not deleted with the stack."
  }

  # No other rule reaches an image that the first one matches, and the first one is never over its count.
  assert {
    condition = jsondecode(aws_ecr_lifecycle_policy.this.policy).rules[0] == {
      rulePriority = 1
      description  = "Keep what serves"
      selection    = { tagStatus = "tagged", tagPrefixList = ["live-"], countType = "imageCountMoreThan", countNumber = 1000 }
      action       = { type = "expire" }
    }
    error_message = "What serves is not expired, however many releases come after it."
  }

  assert {
    condition     = [for rule in jsondecode(aws_ecr_lifecycle_policy.this.policy).rules : rule.rulePriority] == [1, 2, 3]
    error_message = "Each rule has its own priority."
  }
}

run "whole_stack" {
  command = plan

  variables {
    alarm_action_arns    = ["arn:aws:sns:eu-central-1:123456789012:on-call"]
    permissions_boundary = "arn:aws:iam::123456789012:policy/boundary"
  }

  assert {
    condition = (
      keys(output.alarm_names) == ["blue", "green", "load_balancer"] &&
      output.alarm_names.green.unhealthy == "embeddings-production-green-unhealthy" &&
      length(output.alarm_names.blue) == 3
    )
    error_message = "Three alarms a colour by kind, and one for the load balancer."
  }
}

run "network_is_made" {
  module {
    source = "./modules/network"
  }

  variables {
    name   = "embeddings-production"
    cidr   = "10.42.0.0/16"
    egress = "nat"
    zones  = ["eu-central-1a", "eu-central-1b"]
  }
}

run "network_changes_its_way_out_in_place" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    name   = "embeddings-production"
    cidr   = "10.42.0.0/16"
    egress = "endpoints"
    zones  = ["eu-central-1a", "eu-central-1b"]
  }

  assert {
    condition     = output.instance_subnet_ids == run.network_is_made.instance_subnet_ids && output.public_subnet_ids == run.network_is_made.public_subnet_ids && output.vpc_id == run.network_is_made.vpc_id
    error_message = "Another way out replaces no subnet."
  }
}

run "network_refuses_to_move" {
  command = plan

  module {
    source = "./modules/network"
  }

  variables {
    name   = "embeddings-production"
    cidr   = "10.43.0.0/16"
    egress = "nat"
    zones  = ["eu-central-1a", "eu-central-1b"]
  }

  expect_failures = [aws_vpc.this]
}

run "load_balancer_with_login" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "embeddings-production"
    target_group_names = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ingress_cidrs      = ["0.0.0.0/0"]
    https              = true
    certificate_arn    = "arn:aws:acm:eu-central-1:123456789012:certificate/0"
    login = {
      issuer                 = "https://login.example.com"
      authorization_endpoint = "https://login.example.com/auth"
      token_endpoint         = "https://login.example.com/token"
      user_info_endpoint     = "https://login.example.com:8443/me"
      client_id              = "demo"
      scope                  = "openid"
      session_seconds        = 3600
    }
  }

  assert {
    condition     = [for action in aws_lb_listener.https[0].default_action : "${action.order} ${action.type}"] == ["1 authenticate-oidc", "2 forward"]
    error_message = "A new listener asks for the login from its first moment."
  }

  assert {
    condition     = [for rule in aws_vpc_security_group_egress_rule.to_issuer : "${rule.from_port} ${rule.cidr_ipv4}"] == ["443 0.0.0.0/0", "8443 0.0.0.0/0"]
    error_message = "The load balancer reaches the issuer on the ports of its endpoints."
  }
}

run "load_balancer_refuses_an_endless_login" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "embeddings-production"
    target_group_names = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ingress_cidrs      = ["0.0.0.0/0"]
    https              = true
    certificate_arn    = "arn:aws:acm:eu-central-1:123456789012:certificate/0"
    login = {
      issuer                 = "https://login.example.com"
      authorization_endpoint = "https://login.example.com/auth"
      token_endpoint         = "https://login.example.com/token"
      user_info_endpoint     = "https://login.example.com/me"
      client_id              = "demo"
      scope                  = "openid"
      session_seconds        = 604801
    }
  }

  expect_failures = [var.login]
}

run "load_balancer_is_made" {
  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "embeddings-production"
    target_group_names = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ingress_cidrs      = ["0.0.0.0/0"]
    https              = false
  }
}

run "load_balancer_refuses_another_port" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "embeddings-production"
    target_group_names = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ingress_cidrs      = ["0.0.0.0/0"]
    https              = false
    port               = 9000
  }

  expect_failures = [aws_lb_target_group.this]
}

run "keys_without_their_rule_group" {
  command = plan

  variables {
    waf = {
      auth           = "keys"
      log_group_name = "aws-waf-logs-infer-deploy/embeddings/production"
      mode           = "none"
      rate           = 10000
    }
  }

  expect_failures = [var.waf]
}

run "load_balancer_refuses_to_become_internal" {
  command = plan

  module {
    source = "./modules/load-balancer"
  }

  variables {
    name               = "embeddings-production"
    target_group_names = { blue = "embeddings-production-blue", green = "embeddings-production-green" }
    vpc_id             = "vpc-0123456789abcdef0"
    subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    ingress_cidrs      = ["0.0.0.0/0"]
    https              = false
    internal           = true
  }

  expect_failures = [aws_lb.this]
}

run "cloudfront_caches_nothing_by_default" {
  command = plan

  module {
    source = "./modules/cloudfront"
  }

  variables {
    name          = "embeddings-production-eu-central-1"
    load_balancer = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/embeddings-production/0", dns_name = "internal-embeddings.elb.amazonaws.com" }
    response_headers = {
      frame_options             = "DENY"
      strict_transport_security = "max-age=60; includeSubDomains"
    }
    read_timeout_seconds = 90
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].cache_policy_id == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    error_message = "AWS's policy CachingDisabled."
  }

  assert {
    condition     = length(aws_cloudfront_distribution.this.ordered_cache_behavior) == 0 && length(aws_cloudfront_cache_policy.route) == 0
    error_message = "No route is cached that was not named."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https"
    error_message = "HTTP leads to HTTPS."
  }

  assert {
    condition     = alltrue([for answer in aws_cloudfront_distribution.this.custom_error_response : answer.error_caching_min_ttl == 0])
    error_message = "No error is kept."
  }

  assert {
    condition     = one(one(aws_cloudfront_distribution.this.origin).vpc_origin_config).origin_read_timeout == 90
    error_message = "The app has the configured time."
  }

  assert {
    condition     = aws_cloudfront_vpc_origin.this.vpc_origin_endpoint_config[0].arn == var.load_balancer.arn
    error_message = "The way into the VPC leads to the load balancer."
  }

  assert {
    condition = one(aws_cloudfront_response_headers_policy.this[0].security_headers_config[0].strict_transport_security) == {
      access_control_max_age_sec = 60
      include_subdomains         = true
      override                   = true
      preload                    = false
    }
    error_message = "The header's text becomes the policy's fields."
  }
}

run "cloudfront_without_headers" {
  command = plan

  module {
    source = "./modules/cloudfront"
  }

  variables {
    name             = "embeddings-production-eu-central-1"
    load_balancer    = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/embeddings-production/0", dns_name = "internal-embeddings.elb.amazonaws.com" }
    response_headers = {}
  }

  assert {
    condition     = length(aws_cloudfront_response_headers_policy.this) == 0
    error_message = "AWS takes no policy without a header."
  }
}

run "cloudfront_caches_routes_by_their_key" {
  command = plan

  module {
    source = "./modules/cloudfront"
  }

  variables {
    name          = "embeddings-production-eu-central-1"
    load_balancer = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/embeddings-production/0", dns_name = "internal-embeddings.elb.amazonaws.com" }
    cache = [
      { path = "/labels", seconds = 600, query = "only", queries = ["lang"], headers = ["x-api-key"] },
      { path = "/models/*", seconds = 60, query = "none" },
    ]
  }

  assert {
    condition     = aws_cloudfront_distribution.this.ordered_cache_behavior[*].path_pattern == tolist(["/labels", "/models/*"])
    error_message = "The order of the list is that of the evaluation."
  }

  assert {
    condition     = alltrue([for route in aws_cloudfront_distribution.this.ordered_cache_behavior : route.origin_request_policy_id == null && toset(route.allowed_methods) == toset(["GET", "HEAD", "OPTIONS"])])
    error_message = "What is not in the key does not reach the app, and nothing but reading is cached."
  }

  assert {
    condition     = [for path in ["/labels", "/models/*"] : [aws_cloudfront_cache_policy.route[path].min_ttl, aws_cloudfront_cache_policy.route[path].default_ttl, aws_cloudfront_cache_policy.route[path].max_ttl]] == [[0, 600, 600], [0, 60, 60]]
    error_message = "The app may shorten the time, and not extend it."
  }

  assert {
    condition     = toset(one(one(aws_cloudfront_cache_policy.route["/labels"].parameters_in_cache_key_and_forwarded_to_origin).headers_config).headers[0].items) == toset(["Host", "x-api-key"])
    error_message = "The named headers are in the key."
  }

  assert {
    condition     = one(one(aws_cloudfront_cache_policy.route["/models/*"].parameters_in_cache_key_and_forwarded_to_origin).query_strings_config).query_string_behavior == "none"
    error_message = "No query, if the route says so."
  }
}

run "cloudfronts_longest_answer" {
  command = plan

  module {
    source = "./modules/cloudfront"
  }

  variables {
    name                 = "embeddings-production-eu-central-1"
    load_balancer        = { arn = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/app/embeddings-production/0", dns_name = "internal-embeddings.elb.amazonaws.com" }
    read_timeout_seconds = 121
  }

  expect_failures = [var.read_timeout_seconds]
}
