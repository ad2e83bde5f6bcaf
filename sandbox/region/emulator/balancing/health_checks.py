"""Route53's health checks that follow alarms or other checks. moto keeps those that ask an address."""

from moto.route53.models import HealthCheck
from moto.route53.responses import Route53

from emulator.patching import patches

# What only a check that asks an address has (HealthCheckConfig).
OF_REQUESTS = ("Port", "RequestInterval", "FailureThreshold", "IPAddress", "ResourcePath", "FullyQualifiedDomainName", "SearchString")


@patches(Route53, "create_health_check")
def create_health_check(moto, response):
    config = response._get_param("HealthCheckConfig")
    answer = moto()
    remember(answer.result["HealthCheck"], config)
    return answer


@patches(Route53, "update_health_check")
def update_health_check(moto, response):
    """An update changes what it names; moto forgets the children and the regions that it does not name."""
    check = response.backend.get_health_check(response._get_param("HealthCheckId"))
    children, regions = check.children, check.regions
    answer = moto()
    check.children = check.children or children
    check.regions = check.regions or regions
    check.health_check_version += 1
    remember(
        check, {key: response._get_param(key) for key in ("AlarmIdentifier", "InsufficientDataHealthStatus") if response._get_param(key)}
    )
    return answer


def remember(check, config):
    if config.get("AlarmIdentifier"):
        check.sandbox_alarm = config["AlarmIdentifier"]
    if config.get("InsufficientDataHealthStatus"):
        check.sandbox_insufficient = config["InsufficientDataHealthStatus"]


@patches(HealthCheck, "health_check_config")
def health_check_config(moto, check):
    """A check that follows an alarm has the alarm, and neither kind has what a request needs."""
    config = moto()
    if check.type_ not in ("CLOUDWATCH_METRIC", "CALCULATED"):
        return config
    config = {key: value for key, value in config.items() if key not in OF_REQUESTS}
    if check.type_ == "CLOUDWATCH_METRIC":
        config["AlarmIdentifier"] = check.sandbox_alarm
        config["InsufficientDataHealthStatus"] = getattr(check, "sandbox_insufficient", "LastKnownStatus")
    return config
