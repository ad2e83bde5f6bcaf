terraform {
  backend "s3" {
    bucket       = "@bucket@"
    key          = "@key@"
    region       = "@region@"
    encrypt      = true
    use_lockfile = true
  }
}
