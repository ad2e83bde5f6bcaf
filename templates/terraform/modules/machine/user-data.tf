data "aws_partition" "current" {}

locals {
  units = "/etc/systemd/system"

  # Each slot has its own unit of the same text.
  instance_files = [
    { source = "boot.sh", path = "/opt/infer-deploy/boot" },
    { source = "infer-deploy-slot", path = "/opt/infer-deploy/infer-deploy-slot" },
    { source = "infer-deploy-door", path = "/opt/infer-deploy/infer-deploy-door" },
    { source = "infer-deploy-single.service", path = "${local.units}/infer-deploy-agent.service" },
    { source = "infer-deploy-agent-slot.service", path = "${local.units}/infer-deploy-agent-blue.service" },
    { source = "infer-deploy-agent-slot.service", path = "${local.units}/infer-deploy-agent-green.service" },
    { source = "infer-deploy-app-slot.service", path = "${local.units}/infer-deploy-app-blue.service" },
    { source = "infer-deploy-app-slot.service", path = "${local.units}/infer-deploy-app-green.service" },
    { source = "infer-deploy-before-slot.service", path = "${local.units}/infer-deploy-before-blue.service" },
    { source = "infer-deploy-before-slot.service", path = "${local.units}/infer-deploy-before-green.service" },
    { source = "infer-deploy-door.service", path = "${local.units}/infer-deploy-door.service" },
    { source = "infer-deploy-caddy.service", path = "${local.units}/infer-deploy-caddy.service" },
    { source = "infer-deploy-caddy.conf", path = "/etc/sysusers.d/infer-deploy-caddy.conf" },
  ]

  # More than the 16 KB that user data may have.
  bundle = jsonencode({
    files = [
      for file in local.instance_files : {
        path        = file.path
        permissions = startswith(file.path, "/opt/") ? "0755" : "0644"
        content     = file("${var.instance_folder}/${file.source}")
      }
    ]
  })

  parameters = {
    schema_version = 1
    name           = var.stack.name
    environment    = var.stack.environment
    account        = var.account_id
    region         = var.region
    domain         = data.aws_partition.current.dns_suffix
    bucket         = var.state.bucket
    prefix         = var.state.prefix
    log_group      = var.log_group_name
    boot_log_group = var.boot_log_group_name
    poll_seconds   = var.poll_seconds
    metrics        = var.metrics
    gpus           = var.gpus
    bundle         = { key = aws_s3_object.bundle.key, sha256 = sha256(local.bundle) }

    slots = {
      blue  = { pointer = var.pointer_names["blue"], port = 8081 }
      green = { pointer = var.pointer_names["green"], port = 8082 }
    }

    door = {
      settings = var.door_names.settings
      traffic  = var.door_names.traffic
      address  = var.allocation_id
    }
  }

  cloud_config = {
    runcmd = [["/opt/infer-deploy/bootstrap"]]

    write_files = [
      {
        path        = "/opt/infer-deploy/bootstrap"
        owner       = "root:root"
        permissions = "0755"
        content     = file("${var.instance_folder}/bootstrap.py")
      },
      {
        path        = "/etc/infer-deploy/instance.json"
        owner       = "root:root"
        permissions = "0644"
        content     = jsonencode(local.parameters)
      },
    ]
  }

  # JSON is valid YAML, so no value can break the structure. To read it: base64 -d | gunzip
  user_data = base64gzip("#cloud-config\n${jsonencode(local.cloud_config)}\n")
}

# What the machine runs: the program in user data fetches it and compares its hash. One that is replaced goes after the launch template
# that names it has changed.
resource "aws_s3_object" "bundle" {
  bucket       = var.state.bucket
  key          = "${var.state.prefix}/instance/${sha256(local.bundle)}.json"
  content      = local.bundle
  content_type = "application/json"

  # An object takes fewer tags than other resources, and fewer characters in them.
  override_provider {
    default_tags {
      tags = {}
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}
