"""Caddy's whole configuration, from the door's settings. Caddy's own reference: https://caddyserver.com/docs/json/"""
from slots import COLOURS
from switches import SWITCH_FOLDER

CADDY_SOCKET = "/run/infer-deploy-caddy/admin.sock"
CADDY_FOLDER = "/var/lib/infer-deploy/caddy"
STORAGE_FOLDER, LOG_FOLDER = f"{CADDY_FOLDER}/storage", f"{CADDY_FOLDER}/log"
PROBE_HEADER, PASS_HEADER = "x-infer-deploy-probe", "x-infer-deploy-pass"
# How long a request waits for a container that is just starting again. Only a connection that was never opened is tried again.
DIAL_SECONDS = 10
# The VPC's resolver, the same in every VPC (Amazon VPC user guide, "Understanding Amazon DNS").
RESOLVER = "169.254.169.253"
# Route53 says within about a minute that all of its servers know a record. In nanoseconds, the only form that this module reads.
SPREAD_NANOSECONDS = 300 * 10**9
# For the metrics: the access log says which container has answered, and after how many milliseconds; "" if none has.
NOTES = [
    {"handler": "log_append", "key": "upstream", "value": "{http.reverse_proxy.upstream.hostport}"},
    {"handler": "log_append", "key": "answered_ms", "value": "{http.reverse_proxy.upstream.latency_ms}"},
]


def caddy_config(settings, dials, region):
    """The same for every state of the traffic; see switches. `dials`: where each colour answers, such as {"blue": "172.17.0.1:8081"}.

    `region`: for the address of Route53's API, which is another one in each partition.
    """
    config = {
        # Without `persist`, a Caddy that starts again would have no configuration until the door's next round.
        "admin": {"listen": f"unix/{CADDY_SOCKET}|0600", "config": {"persist": True}},
        "storage": {"module": "file_system", "root": STORAGE_FOLDER},
        "logging": logging(),
        "apps": {"http": {"servers": {"door": server(settings, routes(settings, dials))}}, "tls": {}},
    }
    # Each minute instead of every ten: a certificate of a few days, or of minutes in a rehearsal, must not end between two looks.
    # Also without a domain: until it ends, Caddy keeps the interval of its first configuration.
    automation = config["apps"]["tls"]["automation"] = {"renew_interval": "1m"}
    if settings["domains"]:
        automation["policies"] = [{"subjects": settings["domains"], "issuers": [issuer(settings, region)]}]
    return config


def server(settings, inner):
    # No grace_period and no limit on a whole request: what is in flight during a change of the configuration ends as it began.
    common = {"read_header_timeout": "30s", "idle_timeout": "75s", "logs": {"default_logger_name": "access"}}
    if settings["headers"]:
        # Caddy's own answer to a request that failed, such as 502, has the headers too.
        answer = {"handler": "static_response", "status_code": "{http.error.status_code}"}
        common["errors"] = {"routes": [{"handle": [response_headers(settings), answer]}]}
    handle = [{"handler": "subroute", "routes": inner}]
    if not settings["domains"]:
        return {"listen": [":80"], "automatic_https": {"disable": True}, "routes": [{"handle": handle}], **common}
    # Caddy itself adds the server on port 80: ACME's challenges, and redirects to these names.
    return {"listen": [":443"], "protocols": ["h1", "h2", "h3"], "routes": [{"match": [{"host": settings["domains"]}], "handle": handle}], **common}


def issuer(settings, region):
    """Let's Encrypt alone: with more issuers a certificate might come from one that a CAA record refuses."""
    challenges = {"dns": dns_challenge(settings["zone_id"], region)} if settings.get("challenge") == "dns-01" else None
    asked = {"module": "acme", "ca": settings["authority"], "email": settings["email"], "challenges": challenges}
    return {name: value for name, value in asked.items() if value}


def dns_challenge(zone_id, region):
    """Caddy then offers no other challenge. Its own look at the DNS is off.

    It would ask the zone's servers by themselves, which a private zone of the same name leads astray, or the resolver, which has just
    remembered that the record does not exist. Route53 itself says when all of its servers know the record.
    """
    route53 = {"name": "route53", "region": region, "hosted_zone_id": zone_id,
               "wait_for_route53_sync": True, "route53_max_wait": SPREAD_NANOSECONDS, "skip_route53_sync_on_delete": True}
    return {"provider": route53, "resolvers": [RESOLVER], "propagation_timeout": -1}


def routes(settings, dials):
    """In this order: headers and the limit of the body; then probe, pause and weights, each of which ends a request.

    The last three are the same for every state of the traffic: they compare what the switches say now.
    """
    # Of each request: its switches, read once.
    first = [{"handler": "vars", **{name: switch(name) for name in ("probe-blue", "probe-green", "pause", "green-below", "blue", "leaving")}}]
    if settings["headers"]:
        first.append(response_headers(settings))
    if settings["body_limit_bytes"] is not None:
        first.append({"handler": "request_body", "max_size": settings["body_limit_bytes"]})
    return [
        {"handle": first},
        # The names lead elsewhere by now: a client's next request finds its way by a new connection.
        {"match": [{"expression": on("leaving")}], "handle": [{"handler": "headers", "response": {"deferred": True, "set": {"Connection": ["close"]}}}]},
        *(to_slot(settings, dials, colour, f"{on(f'probe-{colour}')} && {header(PROBE_HEADER)} == {var(f'probe-{colour}')}") for colour in COLOURS),
        {"match": [{"expression": f"{on('pause')} && {header(PASS_HEADER)} != {var('pause')}"}], "handle": [paused()], "terminal": True},
        to_slot(settings, dials, "green", f"{{http.request.uuid}} < {var('green-below')}"),
        to_slot(settings, dials, "blue", on("blue")),
        {"handle": [unavailable("No release is serving.\n", "5")], "terminal": True},
    ]


def to_slot(settings, dials, colour, condition):
    return {"match": [{"expression": condition}], "handle": [*NOTES, proxy(settings, dials[colour])], "terminal": True}


def switch(name):
    return f"{{file.{SWITCH_FOLDER}/{name}}}"


def var(name):
    return f"{{http.vars.{name}}}"


def on(name):
    return f"{var(name)} != ''"


def header(name):
    return f"{{http.request.header.{name}}}"


def response_headers(settings):
    return {"handler": "headers", "response": {"deferred": True, "set": {name: [plain(value)] for name, value in settings["headers"].items()}}}


def proxy(settings, dial):
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": dial}],
        "load_balancing": {"try_duration": f"{DIAL_SECONDS}s", "try_interval": "250ms"},
        # A release's tokens are not for the application.
        "headers": {"request": {"delete": [PROBE_HEADER, PASS_HEADER]}},
        "flush_interval": -1,
        "stream_close_delay": f"{settings['drain_seconds']}s",
        "transport": {
            "protocol": "http",
            "dial_timeout": "3s",
            # As a load balancer's idle timeout: without a byte for that long, the request ends. A stream with bytes has no limit.
            "read_timeout": f"{settings['request_seconds']}s",
            # Shorter than any server keeps an idle connection: Node ends it after 5 s, and a POST on it would be lost.
            "keep_alive": {"enabled": True, "idle_timeout": "1s", "max_idle_conns_per_host": 64},
        },
    }


def paused():
    return unavailable(switch("pause-body"), switch("pause-seconds"), switch("pause-type"))


def unavailable(body, seconds, kind="text/plain; charset=utf-8"):
    headers = {"Content-Type": [kind], "Retry-After": [seconds], "Cache-Control": ["no-store"]}
    return {"handler": "static_response", "status_code": 503, "headers": headers, "body": body}


def plain(text):
    """Caddy replaces {placeholders}, also with files' contents; an escaped brace stays a brace."""
    return text.replace("{", "\\{")


def logging():
    """The access log has no headers, which hold keys and cookies, and at most 200 MB. Rotated by Caddy."""
    access = {
        "writer": {"output": "file", "filename": f"{LOG_FOLDER}/access.log", "roll_size_mb": 50, "roll_keep": 3, "roll_gzip": False},
        "encoder": {"format": "filter", "wrap": {"format": "json"},
                    "fields": {"request>headers": {"filter": "delete"}, "resp_headers": {"filter": "delete"}, "request>tls": {"filter": "delete"}}},
        "include": ["http.log.access"],
    }
    errors = {
        "writer": {"output": "file", "filename": f"{LOG_FOLDER}/caddy.log", "roll_size_mb": 10, "roll_keep": 3, "roll_gzip": False},
        "encoder": {"format": "json"},
        # The door asks the admin API every second.
        "exclude": ["http.log.access", "admin.api"],
    }
    return {"logs": {"default": errors, "access": access}}
