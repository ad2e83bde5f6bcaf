data "aws_partition" "current" {}

locals {
  instance_files = [
    { source = "boot.sh", path = "/opt/infer-deploy/boot" },
    { source = "infer-deploy-agent", path = "/opt/infer-deploy/infer-deploy-agent" },
    { source = "infer-deploy-agent.service", path = "/etc/systemd/system/infer-deploy-agent.service" },
    { source = "infer-deploy-app.service", path = "/etc/systemd/system/infer-deploy-app.service" },
    { source = "infer-deploy-before.service", path = "/etc/systemd/system/infer-deploy-before.service" },
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
    for colour in local.colours : colour => merge({
      schema_version = 1
      name           = var.stack.name
      environment    = var.stack.environment
      colour         = colour
      account        = var.account_id
      region         = var.region
      domain         = data.aws_partition.current.dns_suffix
      pointer        = var.pointer_names[colour]
      bucket         = var.state.bucket
      prefix         = var.state.prefix
      log_group      = var.log_group_name
      boot_log_group = var.boot_log_group_name
      poll_seconds   = var.poll_seconds
      metrics        = var.metrics
      gpus           = var.gpus
      bundle         = { key = aws_s3_object.bundle.key, sha256 = sha256(local.bundle) }
      # What a Spot Instance leaves before AWS reclaims it.
    }, var.spot == null ? {} : { target_group = var.target_group_arns[colour] })
  }

  cloud_config = {
    for colour in local.colours : colour => {
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
          content     = jsonencode(local.parameters[colour])
        },
      ]
    }
  }

  # JSON is valid YAML, so no value can break the structure; a program reads the parameters.
  # Compressed, because EC2 accepts 16 KB; cloud-init decompresses it. To read it: base64 -d | gunzip
  user_data = {
    for colour in local.colours : colour => base64gzip("#cloud-config\n${jsonencode(local.cloud_config[colour])}\n")
  }

  # Base64 writes three bytes as four characters.
  user_data_bytes = { for colour in local.colours : colour => length(local.user_data[colour]) / 4 * 3 }
}

# What instances run: the program in user data fetches it and compares its hash. One that is replaced goes after the launch templates
# that name it have changed.
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
