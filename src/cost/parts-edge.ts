import { hasHealthChecks } from "../config/schema/edge/routing.ts";
import type { CostPart, CostSettings } from "./cost-part.ts";
import { counted, sumOf } from "./money.ts";
import { everywhere } from "./prices.ts";

/** AWS WAF, the health checks of Route53 and the secrets. */
export function edgeParts({
  auth,
  oidc,
  routing,
  secrets,
  waf,
}: Pick<CostSettings, "auth" | "oidc" | "routing" | "secrets" | "waf">): readonly CostPart[] {
  const rules = (waf.mode === "none" ? 0 : wafRules) + (auth === "keys" ? keyRules : 0);
  const stored = Object.keys(secrets).length + (auth === "keys" ? 1 : 0) + (oidc === null ? 0 : 1);
  return [
    ...(rules === 0
      ? []
      : [
          {
            part: "web_acl" as const,
            what: `1 with ${counted(rules, "rule")}`,
            usd_per_month: sumOf(everywhere.webAcl + rules * everywhere.webAclRule),
          },
        ]),
    // AWS lists the price of checks that ask an endpoint, and these follow alarms.
    ...(hasHealthChecks({ routing })
      ? [{ part: "health_checks" as const, what: "3 of Route53", usd_per_month: null }]
      : []),
    ...(stored === 0
      ? []
      : [
          {
            part: "secrets" as const,
            what: String(stored),
            usd_per_month: sumOf(stored * everywhere.secret),
          },
        ]),
  ];
}

/** Four groups of AWS, and the rate: templates/terraform/modules/waf. */
const wafRules = 5;
/** The rule group of the keys, and the rule in it. */
const keyRules = 2;
