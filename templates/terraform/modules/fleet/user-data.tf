data "aws_partition" "current" {}

locals {
  instance_files = [
    { source = "boot.sh", path = "/opt/infer-deploy/boot", permissions = "0755" },
    { source = "infer-deploy-agent", path = "/opt/infer-deploy/infer-deploy-agent", permissions = "0755" },
    { source = "infer-deploy-agent.service", path = "/etc/systemd/system/infer-deploy-agent.service", permissions = "0644" },
    { source = "infer-deploy-app.service", path = "/etc/systemd/system/infer-deploy-app.service", permissions = "0644" },
  ]

  parameters = {
    for colour in local.colours : colour => {
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
    }
  }

  cloud_config = {
    for colour in local.colours : colour => {
      runcmd = [["/opt/infer-deploy/boot"]]

      write_files = concat(
        [
          for file in local.instance_files : {
            path        = file.path
            owner       = "root:root"
            permissions = file.permissions
            content     = file("${var.instance_folder}/${file.source}")
          }
        ],
        [
          {
            path        = "/etc/infer-deploy/instance.json"
            owner       = "root:root"
            permissions = "0644"
            content     = jsonencode(local.parameters[colour])
          },
        ],
      )
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
