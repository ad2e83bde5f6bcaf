"""The emulator's settings, read once from the environment."""

import os

# Who knows it may give orders to the region (gate.py); a region without one would obey everyone.
KEY = os.environ["SANDBOX_KEY"]
NAME = os.environ.get("SANDBOX_NAME", "default")
# HOST:PORT of the registry for this machine's Docker engine.
REGISTRY = os.environ.get("SANDBOX_REGISTRY", "")
# The same registry inside the sandbox's network.
REGISTRY_URL = os.environ.get("SANDBOX_REGISTRY_URL", "")
# What GetAuthorizationToken hands out; empty for a registry without a login.
REGISTRY_PASSWORD = os.environ.get("SANDBOX_REGISTRY_PASSWORD", "")
# Loopback ports of the load balancer; without them emulated load balancers keep moto's names.
LISTENER_PORTS = [int(port) for port in os.environ.get("SANDBOX_LISTENER_PORTS", "").split(",") if port.strip()]
# How long terminated instances are still listed. AWS lists them for about an hour; a sandbox ends dozens of them in that time.
TERMINATED_SECONDS = int(os.environ.get("SANDBOX_TERMINATED_SECONDS", "60"))

# moto reads these when it is imported, so this module comes first (__main__.py).
# Seconds until a certificate is validated. On AWS it takes a few minutes after its records are visible.
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "2")
# Amazon's 1,300 images slow down the first call to every region and use half of the memory. The stack uses Canonical's.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
# moto lets every web page read its answers.
os.environ.setdefault("MOTO_DISABLE_GLOBAL_CORS", "true")
