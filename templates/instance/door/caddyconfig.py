"""Caddy's whole configuration, from the door's two documents. Caddy's own reference: https://caddyserver.com/docs/json/"""
from slots import COLOURS

CADDY_SOCKET = "/run/infer-deploy-caddy/admin.sock"
CADDY_FOLDER = "/var/lib/infer-deploy/caddy"
STORAGE_FOLDER, LOG_FOLDER = f"{CADDY_FOLDER}/storage", f"{CADDY_FOLDER}/log"
PROBE_HEADER, PASS_HEADER = "x-infer-deploy-probe", "x-infer-deploy-pass"
# How long a request waits for a container that is just starting again. Only a connection that was never opened is tried again.
DIAL_SECONDS = 10


def caddy_config(settings, traffic, weights, dials):
    """`weights`: of serving_weights. `dials`: where each colour answers, such as {"blue": "172.17.0.1:8081"}."""
    config = {
        # Without `persist`, a Caddy that starts again would have no configuration until the door's next round.
        "admin": {"listen": f"unix/{CADDY_SOCKET}|0600", "config": {"persist": True}},
        "storage": {"module": "file_system", "root": STORAGE_FOLDER},
        "logging": logging(),
        "apps": {"http": {"servers": {"door": server(settings, routes(settings, traffic, weights, dials))}}},
    }
    if settings["domains"]:
        config["apps"]["tls"] = {"automation": {"policies": [{"subjects": settings["domains"], "issuers": [issuer(settings)]}]}}
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


def issuer(settings):
    """Let's Encrypt alone: with more issuers a certificate might come from one that a CAA record refuses."""
    asked = {"module": "acme", "ca": settings["authority"], "email": settings["email"]}
    return {name: value for name, value in asked.items() if value}


def routes(settings, traffic, weights, dials):
    """In this order: headers and the limit of the body, then probe, pause, weights. Each of the last three ends a request."""
    first = []
    if settings["headers"]:
        first.append(response_headers(settings))
    if settings["body_limit_bytes"] is not None:
        first.append({"handler": "request_body", "max_size": settings["body_limit_bytes"]})
    found = [{"handle": first}] if first else []
    probe, pause = traffic["probe"], traffic["pause"]
    if probe:
        there = {colour: int(colour == probe["colour"]) for colour in COLOURS}
        found.append({"match": [{"header": {PROBE_HEADER: [probe["token"]]}}], "handle": [proxy(settings, there, dials)], "terminal": True})
    if pause:
        found.append({"match": [{"not": [{"header": {PASS_HEADER: [pause["token"]]}}]}], "handle": [paused(pause)], "terminal": True})
    last = proxy(settings, weights, dials) if any(weights.values()) else unavailable("No release is serving.\n", 5)
    return [*found, {"handle": [last], "terminal": True}]


def response_headers(settings):
    return {"handler": "headers", "response": {"deferred": True, "set": {name: [plain(value)] for name, value in settings["headers"].items()}}}


def proxy(settings, weights, dials):
    """Both slots are always upstreams, so that the requests in flight on one without weight are still counted."""
    return {
        "handler": "reverse_proxy",
        "upstreams": [{"dial": dials[colour]} for colour in COLOURS],
        "load_balancing": {
            "selection_policy": {"policy": "weighted_round_robin", "weights": [weights[colour] for colour in COLOURS]},
            "try_duration": f"{DIAL_SECONDS}s", "try_interval": "250ms",
        },
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


def paused(pause):
    return unavailable(pause["body"], pause["retry_after"], pause["content_type"])


def unavailable(body, seconds, kind="text/plain; charset=utf-8"):
    headers = {"Content-Type": [plain(kind)], "Retry-After": [str(seconds)], "Cache-Control": ["no-store"]}
    return {"handler": "static_response", "status_code": 503, "headers": headers, "body": plain(body)}


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
