import { expect, test } from "vitest";
import { webAclPrice, webAclText } from "./web-acl-price.ts";

const waf = (mode: "none" | "count" | "block") => ({ mode, rate: 10_000 });

// 5 USD for a web ACL and 1 USD for each rule and each rule group (AWS WAF pricing).
test.each([
  ["none", "none", null],
  ["keys", "none", 7],
  ["none", "count", 10],
  ["keys", "block", 12],
] as const)("auth %s and waf.mode %s", (auth, mode, month) => {
  const price = webAclPrice({ auth, waf: waf(mode) });
  expect(price?.usd_per_month ?? null).toBe(month);
  if (price !== null)
    expect(webAclText(price)).toContain(`about ${month} USD a month and 0.60 USD`);
});
