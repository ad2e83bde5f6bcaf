"""One error of DNS, S3 or the registry in the first tries of an instance's agent.

AWS advises every client to retry (Retry behavior, AWS SDKs and Tools Reference Guide). S3 says 503 SlowDown to a client that should
come back later (S3 API, List of error codes). DNS and the registry fail in the instance itself: the controller refuses the first
packets there.
"""

from moto.ec2.models import ec2_backends

from emulator.lock import CONTROL_PLANE
from emulator.refusals import refuse
from emulator.weather.condition import Condition

# By the last digit of an instance's id, in this order; the controller's firstFailureOf does the same.
KINDS = ("dns", "registry", "s3")


class FlakyInstance(Condition):
    name = "flaky-instance"
    summary = "one DNS, S3 or registry error in an instance's first tries"
    takes = "dns, registry or s3, or any: one of them for each instance"
    default = "any"

    def parse(self, text):
        if text not in (*KINDS, "any"):
            raise ValueError(f'"{text}" is none of them')
        return KINDS if text == "any" else (text,)

    def begin(self):
        # The keys of instances that S3 has refused.
        self.refused = set()

    def concerns(self, call):
        return call.signing == "s3" and not call.by_client and not call.by_controller

    def meet(self, call, proceed):
        if call.key in self.refused or "s3" not in self.value or call.changes:
            return proceed()
        with CONTROL_PLANE:
            instance = instance_of(call.key)
        self.refused.add(call.key)
        if instance is None or self.value[int(instance[-1], 16) % len(self.value)] != "s3":
            return proceed()
        return refuse(call, 503, "SlowDown", "Please reduce your request rate.")


def instance_of(key):
    """The id of the instance that has this access key id of its role."""
    for _account, _region, backend in ec2_backends.iter_backends():
        for reservation in backend.reservations.values():
            for instance in reservation.instances:
                session = getattr(instance, "sandbox_session", None)
                if session is not None and session.access_key_id == key:
                    return instance.id
    return None


CONDITION = FlakyInstance()
