"""Auto Scaling groups: moto keeps a number, AWS keeps a fleet."""
