"""GetCallerIdentity: who the sandbox's own key belongs to."""

from moto.sts.models import STSBackend

from emulator.patching import patches

CALLER = "user/sandbox"


@patches(STSBackend, "get_caller_identity")
def get_caller_identity(moto, backend, access_key_id, region):
    """A user's ARN is IAM's, also in the answer of STS (GetCallerIdentity, examples). moto gives an unknown key one of STS."""
    user_id, arn, account_id = moto(access_key_id, region)
    if ":sts:" in arn and arn.endswith(":user/moto"):
        arn = f"arn:{backend.partition}:iam::{account_id}:{CALLER}"
    return user_id, arn, account_id
