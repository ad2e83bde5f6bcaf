"""CloudFront: distributions, their way into a VPC, and their policies."""
