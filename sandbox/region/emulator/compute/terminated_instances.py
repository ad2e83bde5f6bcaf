"""Instances that have ended."""

import time

from moto.ec2.models import ec2_backends
from moto.ec2.models.instances import Instance

from emulator import settings
from emulator.patching import patches


@patches(Instance, "terminate")
def terminate(moto, instance):
    """A second call changes nothing on AWS; moto changes the ended instance again and loses the time of its end."""
    if instance.state == "terminated":
        return instance._state
    instance.sandbox_ended = time.monotonic()
    return moto()


def forget_terminated(now):
    """moto lists terminated instances forever; AWS for about an hour (Instance lifecycle). `now` is time.monotonic()."""
    for _account, _region, backend in ec2_backends.iter_backends():
        for key, reservation in list(backend.reservations.items()):
            gone = [
                one for one in reservation.instances if now - getattr(one, "sandbox_ended", now) >= settings.TERMINATED_SECONDS
            ]
            reservation.instances = [one for one in reservation.instances if one not in gone]
            for instance in gone:
                backend.tags.pop(instance.id, None)
            if not reservation.instances:
                del backend.reservations[key]
