"""Parameter Store: the limit of a standard parameter."""

from moto.ssm.exceptions import ValidationException
from moto.ssm.models import SimpleSystemManagerBackend

from emulator.patching import patches

STANDARD_CHARACTERS = 4096


@patches(SimpleSystemManagerBackend, "put_parameter")
def put_parameter(moto, backend, name, description, value, *args, **kwargs):
    """A standard parameter holds 4 KB (Managing parameter tiers)."""
    tier = kwargs.get("tier") or backend.default_parameter_tier
    if tier == "Standard" and len(value or "") > STANDARD_CHARACTERS:
        raise ValidationException(
            f"Standard tier parameters support a maximum parameter value of {STANDARD_CHARACTERS} characters. "
            "To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier."
        )
    return moto(name, description, value, *args, **kwargs)
