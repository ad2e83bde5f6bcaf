terraform {
  # <if state-in-bucket>
  backend "s3" {
    bucket       = "@bucket@"
    key          = "@key@"
    region       = "@region@"
    encrypt      = true
    use_lockfile = true
  }
  # <end state-in-bucket>
  # <if state-in-file>
  # Where the file is belongs to the machine that has it: terraform init -backend-config="path=FILE"
  backend "local" {}
  # <end state-in-file>
  # <if state-in-cloud>
  # The workspace's execution mode is Local: Terraform works with the AWS keys of this machine. TF_TOKEN_app_terraform_io has the token.
  cloud {
    hostname     = "app.terraform.io"
    organization = "@organization@"

    workspaces {
      name = "@workspace@"
    }
  }
  # <end state-in-cloud>
}
