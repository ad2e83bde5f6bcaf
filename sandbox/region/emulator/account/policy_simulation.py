"""IAM's policy simulator. The region enforces no policies, so it allows everything that the weather `denied` does not deny."""

from fnmatch import fnmatch

from moto.core.responses import ActionResult
from moto.iam.responses import IamResponse

from emulator.patching import adds
from emulator.weather.api import denied


@adds(IamResponse, "simulate_principal_policy")
def simulate_principal_policy(response):
    """One result for each action and resource (SimulatePrincipalPolicy)."""
    actions = response._get_param("ActionNames")
    resources = response._get_param("ResourceArns") or ["*"]
    results = [
        {
            "EvalActionName": action,
            "EvalResourceName": resource,
            "MatchedStatements": [],
            "MissingContextValues": [],
            **decision(action),
        }
        for action in actions
        for resource in resources
    ]
    return ActionResult({"EvaluationResults": results, "IsTruncated": False})


def decision(action):
    """What the simulator says, and which layer denies it: the identity's policies, a boundary, or the organisation."""
    rules = denied.CONDITION.value if denied.CONDITION.on else []
    reason = next((reason for pattern, reason in rules if fnmatch(action, pattern)), None)
    if reason is None:
        return {"EvalDecision": "allowed"}
    if reason == "deny":
        return {"EvalDecision": "explicitDeny"}
    layers = {
        "scp": {"OrganizationsDecisionDetail": {"AllowedByOrganizations": False}},
        "boundary": {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": False}},
    }
    return {"EvalDecision": "implicitDeny", **layers.get(reason, {})}
