"""EC2: the start and end of instances, their launch templates and machine images, and the metadata service."""
