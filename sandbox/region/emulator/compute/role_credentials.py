"""Credentials of an instance's role: a session of the emulated STS, so that GetCallerIdentity returns the instance."""

import datetime

from moto.core.utils import utcnow
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

VALID_SECONDS = 6 * 3600


def role_of(instance):
    profile = profile_of(instance)
    return profile.roles[0] if profile and profile.roles else None


def info(instance):
    profile = profile_of(instance)
    return {"Code": "Success", "LastUpdated": stamp(utcnow()), "InstanceProfileArn": profile.arn, "InstanceProfileId": profile.id}


def issue(instance, role):
    """The same credentials until an hour before they expire. They contain Code: Success, as on AWS: Docker's awslogs driver
    requires it, and moto's own answer lacks it."""
    session = instance.__dict__.get("sandbox_session")
    if session is None or session.role_arn != role.arn or session.expiration - utcnow() < datetime.timedelta(hours=1):
        session = instance.sandbox_session = assume(instance, role)
    return {
        "Code": "Success",
        "LastUpdated": stamp(session.expiration - datetime.timedelta(seconds=VALID_SECONDS)),
        "Type": "AWS-HMAC",
        "AccessKeyId": session.access_key_id,
        "SecretAccessKey": session.secret_access_key,
        "Token": session.session_token,
        "Expiration": stamp(session.expiration),
    }


def assume(instance, role):
    backend = instance.ec2_backend
    return sts_backends[backend.account_id][backend.partition].assume_role(
        region_name=backend.region_name,
        role_session_name=instance.id,
        role_arn=role.arn,
        policy=None,
        duration=VALID_SECONDS,
        external_id=None,
    )


def profile_of(instance):
    association = instance.ec2_backend.iam_instance_profile_associations.get(instance.id)
    if association is None:
        return None
    # Look it up each time: the role may have been removed from the profile since.
    profiles = iam_backends[instance.owner_id][instance.ec2_backend.partition].instance_profiles
    return next((one for one in profiles.values() if one.arn == association.iam_instance_profile.arn), None)


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
