import type { Config } from "../../config/schema/config.ts";

/** What AWS WAF costs, in USD. Its list price is the same in every region. */
export interface WebAclPrice {
  readonly usd_per_month: number;
  readonly usd_per_million_requests: number;
  /** The month of the price list. */
  readonly prices_of: string;
}

/** Null without a web ACL. */
export function webAclPrice({ auth, waf }: Pick<Config, "auth" | "waf">): WebAclPrice | null {
  if (auth === "none" && waf.mode === "none") return null;
  const rules = (waf.mode === "none" ? 0 : wafRules) + (auth === "none" ? 0 : keyRules);
  return {
    usd_per_month: webAcl + rules * rule,
    usd_per_million_requests: perMillion,
    prices_of: pricesOf,
  };
}

/** One line of the plan. */
export function webAclText(price: WebAclPrice): string {
  return `AWS WAF: about ${price.usd_per_month} USD a month and ${price.usd_per_million_requests.toFixed(2)} USD for a million requests (list prices of ${price.prices_of})`;
}

const webAcl = 5;
const rule = 1;
const perMillion = 0.6;
/** Four groups of AWS, and the rate. */
const wafRules = 5;
/** The rule group of the keys, and the rule in it. */
const keyRules = 2;
const pricesOf = "November 2026";
