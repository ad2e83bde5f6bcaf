"""Named calls are refused, with the words of the policy that is to blame.

A missing permission and an explicit deny read differently, and so do an identity-based policy, a permissions boundary and a
service control policy (IAM User Guide, Troubleshoot access denied error messages; S3 User Guide, Access denied message
examples). EC2 answers UnauthorizedOperation, JSON services AccessDeniedException, the others AccessDenied. No policy can deny
GetCallerIdentity (STS API).
"""

from fnmatch import fnmatch

from emulator.refusals import refuse
from emulator.weather.condition import Condition

REASONS = {
    "policy": "because no identity-based policy allows the {action} action",
    "deny": "with an explicit deny in an identity-based policy",
    "boundary": "because no permissions boundary allows the {action} action",
    "scp": "with an explicit deny in a service control policy",
}
CALLER = "arn:aws:iam::123456789012:user/sandbox"


class Denied(Condition):
    name = "denied"
    summary = "named calls are refused for want of a permission"
    takes = f"SERVICE:ACTION[@{'|'.join(REASONS)}], more of them with +, such as s3:Put*@scp"

    def parse(self, text):
        return [rule(part) for part in text.split("+")]

    def concerns(self, call):
        return call.by_client and call.operation != "GetCallerIdentity"

    def meet(self, call, proceed):
        action = f"{call.service}:{call.action}"
        for pattern, reason in self.value:
            if fnmatch(action, pattern):
                return refuse(call, *answer(call, action, REASONS[reason].format(action=action)))
        return proceed()


def rule(text):
    pattern, _, reason = text.partition("@")
    if ":" not in pattern:
        raise ValueError(f'"{pattern}" names no action, such as s3:PutObject')
    if reason not in {"", *REASONS}:
        raise ValueError(f'"{reason}" is none of {", ".join(REASONS)}')
    return pattern, reason or "policy"


def answer(call, action, reason):
    text = f"User: {CALLER} is not authorized to perform: {action} on resource: {resource(call)} {reason}"
    if call.protocol == "ec2":
        return 403, "UnauthorizedOperation", f"You are not authorized to perform this operation. {text}"
    if call.protocol in ("json", "rest-json"):
        return 400, "AccessDeniedException", text
    return 403, "AccessDenied", text


def resource(call):
    """Of S3, the bucket or the object; of the others, any of the service's."""
    if call.signing == "s3":
        bucket, key = call.bucket_and_key
        return f'"arn:aws:s3:::{bucket}{"/" if key else ""}{key}"'
    return f"arn:aws:{call.signing}:{call.region}:123456789012:*"


CONDITION = Denied()
