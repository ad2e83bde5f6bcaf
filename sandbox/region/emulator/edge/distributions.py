"""Distributions that answer: each has two loopback ports of the sandbox's balancer, for HTTP and for HTTPS."""

import copy
import time

from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import CloudFrontBackend, Distribution, DistributionConfig, cloudfront_backends

from emulator import settings
from emulator.balancing import load_balancers
from emulator.edge import policies, vpc_origins
from emulator.edge.store import DEPLOY_SECONDS, check_version, random_text
from emulator.patching import patches


def distributions():
    """What the controller reads: the distributions that answer, with the policies of their behaviours."""
    return [
        described(account, backend, dist)
        for account, _partition, backend in cloudfront_backends.iter_backends()
        for dist in backend.distributions.values()
        if hasattr(dist, "sandbox_ports") and dist.distribution_config.sandbox_raw["Enabled"]
    ]


def addresses():
    """Domain name -> {port: loopback port}."""
    return {
        dist.domain_name: {"80": dist.sandbox_ports[0], "443": dist.sandbox_ports[1]}
        for _account, _partition, backend in cloudfront_backends.iter_backends()
        for dist in backend.distributions.values()
        if hasattr(dist, "sandbox_ports")
    }


def described(account, backend, dist):
    raw = dist.distribution_config.sandbox_raw
    origin = raw["Origins"]["Items"][0]
    way = origin.get("VpcOriginConfig") or {}
    default = raw["DefaultCacheBehavior"]
    headers = policies.config_of(backend, "ResponseHeadersPolicy", default.get("ResponseHeadersPolicyId"))
    return {
        "id": dist.distribution_id,
        "domain": dist.domain_name,
        "ports": list(dist.sandbox_ports),
        "origin_port": vpc_origins.listener_port(backend, account, way.get("VpcOriginId")),
        "read_timeout": way.get("OriginReadTimeout") or 30,
        "security_headers": (headers or {}).get("SecurityHeadersConfig") or {},
        "invalidations": len(backend.invalidations.get(dist.distribution_id) or []),
        "behaviors": [
            {
                "path": behavior["PathPattern"],
                "methods": (behavior.get("AllowedMethods") or {}).get("Items") or ["GET", "HEAD"],
                "policy": policies.config_of(backend, "CachePolicy", behavior.get("CachePolicyId")),
            }
            for behavior in (raw.get("CacheBehaviors") or {}).get("Items") or []
        ],
    }


@patches(DistributionConfig, "__init__")
def configure(moto, config, raw):
    """moto drops VPC origins, and answers with the settings of the old kind of behaviour, without policies, to everyone."""
    whole = copy.deepcopy(raw)
    moto(raw)
    config.sandbox_raw = whole
    config.Origins = {**whole["Origins"], "Items": [origin(one) for one in whole["Origins"]["Items"]]}
    config.DefaultCacheBehavior = behavior(whole["DefaultCacheBehavior"])
    if (whole.get("ViewerCertificate") or {}).get("CloudFrontDefaultCertificate"):
        # Without the keys of other certificates, which moto leaves empty.
        config.ViewerCertificate = DEFAULT_CERTIFICATE
    more = (whole.get("CacheBehaviors") or {}).get("Items") or []
    config.CacheBehaviors = {"Quantity": len(more), **({"Items": [behavior(one) for one in more]} if more else {})}


def origin(raw):
    way = raw.get("VpcOriginConfig")
    return {
        "OriginPath": "",
        "CustomHeaders": {"Quantity": 0},
        "ConnectionAttempts": 3,
        "ConnectionTimeout": 10,
        "OriginShield": {"Enabled": False},
        **raw,
        **({"VpcOriginConfig": {"OriginReadTimeout": 30, "OriginKeepaliveTimeout": 5, **way}} if way else {}),
    }


def behavior(raw):
    return {
        "TrustedSigners": {"Enabled": False, "Quantity": 0},
        "TrustedKeyGroups": {"Enabled": False, "Quantity": 0},
        "SmoothStreaming": False,
        "Compress": False,
        "LambdaFunctionAssociations": {"Quantity": 0},
        "FunctionAssociations": {"Quantity": 0},
        "FieldLevelEncryptionId": "",
        "GrpcConfig": {"Enabled": False},
        **raw,
    }


@patches(CloudFrontBackend, "create_distribution_with_tags")
def create_distribution_with_tags(moto, backend, config, tags):
    check(backend, config)
    ports = reserve()
    dist, location, etag = moto(config, tags)
    if ports:
        dist.sandbox_ports = ports
    dist.sandbox_changed = time.time()
    return dist, location, etag


@patches(CloudFrontBackend, "update_distribution")
def update_distribution(moto, backend, dist_config, _id, if_match):
    """A change is a new version, and takes time to reach the edges. moto ignores which version it is about."""
    dist = backend.distributions.get(_id)
    if dist:
        check_version(dist.etag, if_match)
        check(backend, dist_config)
    dist, location, _ = moto(dist_config, _id, if_match)
    dist.etag = f"E{random_text(13)}"
    dist.sandbox_changed = time.time()
    return dist, location, dist.etag


@patches(CloudFrontBackend, "delete_distribution")
def delete_distribution(moto, backend, distribution_id, if_match):
    """AWS deletes only what is disabled, and deployed so (DeleteDistribution)."""
    dist = backend.distributions.get(distribution_id)
    if dist:
        check_version(dist.etag, if_match)
        if dist.distribution_config.sandbox_raw["Enabled"] or dist.status != "Deployed":
            raise CloudFrontException("DistributionNotDisabled", "The distribution you are trying to delete has not been disabled.")
    moto(distribution_id, if_match)
    backend.invalidations.pop(distribution_id, None)


def check(backend, config):
    for one in [config["DefaultCacheBehavior"], *((config.get("CacheBehaviors") or {}).get("Items") or [])]:
        policies.check_named(backend, one)


def reserve():
    """Two ports of the balancer; none in a region without a balancer."""
    if not settings.LISTENER_PORTS:
        return None
    first = load_balancers.free_port()
    return first, load_balancers.free_port({first})


def status(dist):
    return "Deployed" if time.time() - getattr(dist, "sandbox_changed", 0) > DEPLOY_SECONDS else "InProgress"


# API reference, "ViewerCertificate": what AWS answers for a distribution with its own certificate.
DEFAULT_CERTIFICATE = {
    "CloudFrontDefaultCertificate": True,
    "SSLSupportMethod": "vip",
    "MinimumProtocolVersion": "TLSv1",
    "CertificateSource": "cloudfront",
}
# Time decides, and not how often it was asked, as in moto.
Distribution.status = property(status, lambda dist, _: None)
