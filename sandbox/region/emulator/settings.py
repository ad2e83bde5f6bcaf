"""What the sandbox tells the emulator, read once."""

import os

# HOST:PORT of the registry as the machine's own Docker engine sees it.
REGISTRY = os.environ.get("SANDBOX_REGISTRY", "")
# The same registry from inside the sandbox's network.
REGISTRY_URL = os.environ.get("SANDBOX_REGISTRY_URL", "")
# Loopback ports on which the balancer can be reached; without them load balancers keep moto's names.
LISTENER_PORTS = [int(port) for port in os.environ.get("SANDBOX_LISTENER_PORTS", "").split(",") if port.strip()]
# For how long a terminated instance is still shown. AWS: about an hour; here they are made and killed by the dozen.
TERMINATED_SECONDS = int(os.environ.get("SANDBOX_TERMINATED_SECONDS", "60"))

# moto reads these when it is imported, so this module comes first (__main__.py).
# A certificate counts as validated after so many seconds; on AWS some minutes after its records can be seen.
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "2")
# Some 1,300 images of Amazon's make every first call to a region slow and half of the memory; the stack starts Canonical's.
os.environ.setdefault("MOTO_EC2_LOAD_DEFAULT_AMIS", "false")
