"""The paths for the sandbox's controller and command line, which AWS does not have. docs/reference/sandbox.md lists them."""

import json

from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound
from werkzeug.wrappers import Request, Response

from emulator import calls
from emulator.account import budgets, cost_explorer
from emulator.autoscaling import tracking
from emulator.balancing import hosted_zones, load_balancers, sampled_requests, target_health, web_acls
from emulator.compute import elastic_addresses, machine_images, sessions
from emulator.edge import distributions
from emulator.lock import CONTROL_PLANE
from emulator.monitoring import mail
from emulator.patching import PATCHED
from emulator.weather import switches


def application(environ, start_response):
    request = Request(environ)
    try:
        answer, status = route(request), 200
    except HTTPException as error:
        answer, status = {"error": error.description}, error.code
    return Response(json.dumps(answer), status, content_type="application/json")(environ, start_response)


def route(request):
    path = request.path.removeprefix("/_sandbox")
    if path not in ROUTES:
        raise NotFound(f"the sandbox has {', '.join(f'/_sandbox{known}' for known in ROUTES)}")
    if request.method not in ROUTES[path]:
        raise MethodNotAllowed(description=f"{path} takes {', '.join(ROUTES[path])}")
    body = read_json(request) if request.method == "PUT" else request.args
    if path == "/health":
        return health()
    with CONTROL_PLANE:
        return ROUTES[path][request.method](body)


def read_json(request):
    try:
        body = json.loads(request.get_data() or b"{}")
    except ValueError as error:
        raise BadRequest(f"the body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise BadRequest("the body must be a JSON object")
    return body


def health(_body=None):
    """Answers without the lock, so that a long call in the region does not make it look dead."""
    return {"ready": True, "mends": len(PATCHED)}


def change_weather(body):
    try:
        return switches.change(body)
    except ValueError as error:
        raise BadRequest(str(error)) from error


def addresses():
    """Where each name and each Elastic IP address leads."""
    return {
        **hosted_zones.machine_addresses(),
        **hosted_zones.addresses(),
        **distributions.addresses(),
        **hosted_zones.issuers_here(),
    }


ROUTES = {
    "/health": {"GET": health},
    "/listeners": {"GET": lambda _: load_balancers.listeners()},
    "/addresses": {"GET": lambda _: addresses()},
    "/instance-addresses": {"PUT": elastic_addresses.report},
    "/authority": {"GET": lambda _: hosted_zones.authority_view()},
    "/distributions": {"GET": lambda _: {"distributions": distributions.distributions()}},
    "/costs": {"PUT": cost_explorer.put},
    "/issuer": {"PUT": hosted_zones.put_issuer},
    "/hosted-zone": {"PUT": hosted_zones.ensure},
    "/dns": {"GET": lambda query: hosted_zones.public_names(query.get("name", "")), "PUT": hosted_zones.delegate},
    "/web-acls": {"GET": lambda _: web_acls.associated()},
    "/sampled-requests": {"PUT": sampled_requests.report},
    "/target-health": {"PUT": target_health.report},
    "/desired-capacity": {"PUT": tracking.resize},
    "/session": {"GET": sessions.session},
    "/session-port": {"PUT": sessions.report_port},
    "/weather": {"GET": lambda _: switches.current, "PUT": change_weather},
    "/weather-conditions": {"GET": lambda _: {"conditions": switches.described()}},
    "/calls": {"GET": lambda _: calls.recorded()},
    "/budget-costs": {"PUT": budgets.report_costs},
    "/mail": {"GET": mail.kept},
    "/ami": {"GET": lambda _: machine_images.current(), "PUT": machine_images.publish},
}
