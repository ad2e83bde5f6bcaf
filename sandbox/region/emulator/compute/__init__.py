"""EC2: how instances start and end, what they are made from, and what they ask of the metadata service."""
