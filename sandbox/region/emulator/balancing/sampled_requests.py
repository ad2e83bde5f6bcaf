"""GetSampledRequests, from what the firewall of the sandbox's load balancer saw."""

import collections
import json
import time

from moto.wafv2.responses import WAFV2Response
from werkzeug.exceptions import BadRequest

from emulator.balancing import request_logs
from emulator.balancing.web_acls import Refused
from emulator.patching import adds

# Requests that matched a rule, in the form of sandbox/src/controller/firewall/match-line.ts, the oldest first. AWS keeps them
# for three hours, and samples from the first 5,000 requests of a time (GetSampledRequests).
SEEN = collections.deque(maxlen=5000)
KEPT_SECONDS = 3 * 3600
MOST_ITEMS = 500


def report(body):
    """Adds {"requests": [...]} to the samples, and to the logs of their web ACLs."""
    requests = body.get("requests")
    if not isinstance(requests, list) or any("acl" not in one or "matches" not in one for one in requests):
        raise BadRequest("requests must be a list of matched requests")
    SEEN.extend(requests)
    request_logs.write(requests)
    return {"kept": len(SEEN)}


@adds(WAFV2Response, "get_sampled_requests")
def get_sampled_requests(response):
    body = json.loads(response.body)
    acl = response.wafv2_backend.get_web_acl(body["WebAclArn"], None, None)
    window = {name: seconds(body["TimeWindow"][name]) for name in ("StartTime", "EndTime")}
    if not 1 <= body["MaxItems"] <= MOST_ITEMS:
        raise Refused("WAFInvalidParameterException", f"MaxItems must be from 1 to {MOST_ITEMS}")
    if window["StartTime"] < time.time() - KEPT_SECONDS - 60:
        raise Refused("WAFInvalidParameterException", "The time window must lie in the previous three hours")
    found = [
        sample(request, match)
        for request in SEEN
        if request["acl"] == acl.arn and window["StartTime"] <= request["at"] / 1000 <= window["EndTime"]
        for match in request["matches"]
        if match["metric"] == body["RuleMetricName"]
    ]
    answer = {"SampledRequests": found[-body["MaxItems"] :], "PopulationSize": len(found), "TimeWindow": window}
    return 200, {}, json.dumps(answer)


def sample(request, match):
    """SampledHTTPRequest. Of headers that may hold a key the sandbox has the name only."""
    return {
        "Request": {
            "ClientIP": request["client"],
            "Country": "-",
            "URI": request["uri"],
            "Method": request["method"],
            "HTTPVersion": f"HTTP/{request['version']}",
            "Headers": [{"Name": name, "Value": value} for name, value in request["headers"]],
        },
        "Weight": 1,
        "Timestamp": request["at"] / 1000,
        "Action": match["action"],
        **({"RuleNameWithinRuleGroup": match["inner"]} if match.get("inner") else {}),
    }


def seconds(value):
    """A time of the JSON protocol is a number of seconds."""
    return float(value)
