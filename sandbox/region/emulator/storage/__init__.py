"""S3, Parameter Store, and ECR with its registry."""
