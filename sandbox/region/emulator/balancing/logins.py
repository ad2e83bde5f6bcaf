"""The action authenticate-oidc of listeners and rules: what AWS requires of it, and a client secret that AWS never returns."""

from urllib.parse import urlsplit

from moto.elbv2.exceptions import ELBClientError

KIND = "authenticate-oidc"
CONFIG = "AuthenticateOidcConfig"
ENDPOINTS = ("Issuer", "AuthorizationEndpoint", "TokenEndpoint", "UserInfoEndpoint")

# AuthenticateOidcActionConfig, the defaults that it documents.
DEFAULTS = {
    "OnUnauthenticatedRequest": "authenticate",
    "Scope": "openid",
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "SessionTimeout": 604800,
}


def settle(actions, protocol, known=None):
    """The actions as AWS keeps and describes them, and the client's secret, which it keeps apart. `known`: the secret that the listener has."""
    logins = [action for action in actions if action.get("Type") == KIND]
    if not logins:
        return list(actions), None
    if protocol != "HTTPS":
        refuse("Actions of type 'authenticate-oidc' are supported only on HTTPS listeners")
    if len(actions) > 1 and any("Order" not in action for action in actions):
        refuse("You must specify an order for each action", "ValidationError")
    last = max(actions, key=lambda action: int(action.get("Order", 1)))
    if len(logins) > 1 or last.get("Type") == KIND:
        refuse("The last action must be of type 'forward', 'redirect' or 'fixed-response', after at most one that authenticates")
    config, secret = keep(logins[0].get(CONFIG) or {}, known)
    return [{**action, CONFIG: config} if action.get("Type") == KIND else action for action in actions], secret


def keep(given, known):
    config = dict(given)
    for name in (*ENDPOINTS, "ClientId"):
        if not config.get(name):
            refuse(f"{name} is required for an action of type 'authenticate-oidc'", "ValidationError")
    for name in ENDPOINTS:
        url = urlsplit(config[name])
        if url.scheme != "https" or not url.hostname:
            refuse(f"The {name} '{config[name]}' must be a full URL with HTTPS")
    secret = config.pop("ClientSecret", None)
    if str(config.pop("UseExistingClientSecret", False)).lower() == "true":
        if secret:
            refuse("You cannot both specify a client secret and set UseExistingClientSecret to true")
        secret = known
    if not secret:
        refuse("You must specify a client secret")
    config = {**DEFAULTS, **config}
    config["SessionTimeout"] = int(config["SessionTimeout"])
    if not 1 <= config["SessionTimeout"] <= 604800:
        refuse("The session timeout must be between 1 and 604800 seconds", "ValidationError")
    if config["OnUnauthenticatedRequest"] not in ("deny", "allow", "authenticate"):
        refuse("OnUnauthenticatedRequest is deny, allow or authenticate", "ValidationError")
    return config, secret


def refuse(text, code="InvalidLoadBalancerAction"):
    raise ELBClientError(code, text)
