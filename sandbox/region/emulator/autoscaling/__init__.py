"""Auto Scaling groups: moto keeps a count, AWS keeps a fleet."""
