"""Everything that changes moto, by being imported."""

import importlib

MODULES = (
    "autoscaling.activities",
    "autoscaling.capacity",
    "autoscaling.groups",
    "autoscaling.policies",
    "autoscaling.replacing",
    "autoscaling.standby",
    "buckets",
    "budgets",
    "cloudwatch",
    "ecr",
    "iam",
    "instances",
    "launch_templates",
    "launches",
    "limits",
    "listener_rules",
    "load_balancers",
    "machine_images",
    "nat_gateways",
    "security_groups",
    "tagging",
    "target_health",
)


def load():
    for module in MODULES:
        importlib.import_module(f"emulator.{module}")
