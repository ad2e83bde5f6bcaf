"""What keeps things: S3, Parameter Store, and ECR with the registry behind it."""
