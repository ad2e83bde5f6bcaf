"""Loads the modules that patch moto when they are imported."""

import importlib

from emulator.weather import switches

MODULES = (
    "account.budgets",
    "account.caller_identity",
    "account.cost_explorer",
    "account.instance_profiles",
    "account.managed_policies",
    "account.policy_simulation",
    "account.service_quotas",
    "account.tagging",
    "account.web_identity",
    "autoscaling.activities",
    "autoscaling.capacity",
    "autoscaling.groups",
    "autoscaling.policies",
    "autoscaling.replacing",
    "autoscaling.standby",
    "balancing.health_checks",
    "balancing.hosted_zones",
    "balancing.listener_rules",
    "balancing.load_balancers",
    "balancing.protocol_versions",
    "balancing.sampled_requests",
    "balancing.target_health",
    "balancing.web_acls",
    "balancing.rule_groups",
    "compute.elastic_addresses",
    "compute.launch_templates",
    "compute.launches",
    "compute.machine_images",
    "compute.nat_gateways",
    "compute.repeated_deletions",
    "compute.security_groups",
    "compute.sessions",
    "compute.terminated_instances",
    "compute.user_data",
    "compute.vpc_endpoints",
    "edge.distributions",
    "edge.policies",
    "edge.vpc_origins",
    "monitoring.cloudwatch",
    "monitoring.composite_alarms",
    "monitoring.email_subscriptions",
    "monitoring.embedded_metrics",
    "monitoring.log_events",
    "monitoring.query_definitions",
    "storage.buckets",
    "storage.ecr",
    "storage.image_scans",
    "storage.parameters",
)


def load():
    for module in MODULES:
        importlib.import_module(f"emulator.{module}")
    switches.load()
