"""AssumeRoleWithWebIdentity asks the account's provider and the role's trust policy, where moto gives keys to every token.

IAM user guide, "Create a role for OpenID Connect federation"; the messages are those that AWS's action for GitHub meets. The token's
signature and its end are not checked: a rehearsal cannot have a token of GitHub.
"""

import base64
import json
from fnmatch import fnmatchcase

from moto.iam.models import iam_backends
from moto.sts.exceptions import STSClientError
from moto.sts.responses import TokenResponse

from emulator.patching import patches


@patches(TokenResponse, "assume_role_with_web_identity")
def assume_role_with_web_identity(moto, response):
    claims = claims_of(response._get_param("WebIdentityToken") or "")
    backend = iam_backends[response.current_account][response.partition]
    issuer = claims.get("iss", "").removeprefix("https://")
    provider = next((one for one in backend.open_id_providers.values() if one.url == issuer), None)
    if provider is None:
        raise STSClientError("InvalidIdentityToken", f"No OpenIDConnect provider found in your account for https://{issuer}")
    if claims.get("aud") not in provider.client_id_list:
        raise STSClientError("InvalidIdentityToken", "Incorrect token audience")
    arn = response._get_param("RoleArn")
    role = next((one for one in backend.roles.values() if one.arn == arn), None)
    keys = {f"{issuer}:{name}": value for name, value in claims.items()}
    if role is None or not trusts(json.loads(role.assume_role_policy_document), provider.arn, keys):
        raise STSClientError("AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity")
    return moto()


def claims_of(token):
    """The middle part of a JWT, without a look at its signature."""
    try:
        body = token.split(".")[1]
        return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (IndexError, ValueError):
        raise STSClientError("InvalidIdentityToken", "The token could not be read") from None


def trusts(policy, provider, keys):
    return any(
        statement["Effect"] == "Allow"
        and "sts:AssumeRoleWithWebIdentity" in listed(statement["Action"])
        and provider in listed(statement.get("Principal", {}).get("Federated", []))
        and all(holds(operator, wanted, keys) for operator, wanted in statement.get("Condition", {}).items())
        for statement in listed(policy["Statement"])
    )


def holds(operator, wanted, keys):
    """Operators that this does not know never hold: a rehearsal must not let in what AWS might refuse."""
    matches = {"StringEquals": str.__eq__, "StringLike": fnmatchcase}.get(operator)
    return matches is not None and all(
        key in keys and any(matches(keys[key], value) for value in listed(values)) for key, values in wanted.items()
    )


def listed(value):
    return value if isinstance(value, list) else [value]
