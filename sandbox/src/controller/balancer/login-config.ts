import type { LoginView } from "../observe/region-view.ts";
import { quoteWord } from "./rule-patterns.ts";

/**
 * What HAProxy does with requests of the default rule where the listener asks for a login: the way to the issuer, with the parameters that an
 * Application Load Balancer sends. No login gets further in a rehearsal, so every such request is one without a login.
 */
export function renderLogin({
  authorizationEndpoint,
  clientId,
  onUnauthenticated,
  scope,
}: LoginView): string[] {
  const chosen = "if { var(txn.rule) -m str default }";
  if (onUnauthenticated !== "authenticate") return [`http-request return status 401 ${chosen}`];
  const fixed = new URLSearchParams({ client_id: clientId, response_type: "code", scope });
  const join = authorizationEndpoint.includes("?") ? "&" : "?";
  const before = `${authorizationEndpoint}${join}${fixed.toString()}`.replaceAll("%", "%%");
  const callback = "https%%3A%%2F%%2F%[req.hdr(host),field(1,:)]%%2Foauth2%%2Fidpresponse";
  const location = `${before}&redirect_uri=${callback}&state=%[uuid()]`;
  return [`http-request redirect code 302 location ${quoteWord(location)} ${chosen}`];
}
