import { expect, test } from "vitest";
import { messages, renderInspection, renderPolicies } from "./firewall-config.ts";
import type { WebAclRule, WebAclView } from "./web-acl.ts";

const rate: WebAclRule = { name: "rate", metric: "rate", action: "BLOCK", limit: 10, window: 60 };
const acl = (...rules: WebAclRule[]): WebAclView => ({
  arn: "arn",
  metric: "acl",
  default: "ALLOW",
  rules,
  ignored: ["reputation"],
});
const listener = (webAcl: WebAclView | null) => ({
  name: "listener:a",
  idleSeconds: 60,
  webAcl,
  failsOpen: true,
});

test("a listener without a web ACL has no line of it", () => {
  expect(renderInspection(listener(null))).toEqual([]);
});

test("the engine is asked once the inspected part of the body is there, and its 403 looks like AWS's", () => {
  const [filter, wait, ask, block, ...rest] = renderInspection(listener(acl(rate)));
  expect([filter, wait, ask]).toEqual([
    "filter spoe engine waf config /etc/infer-deploy/waf.spoe",
    "http-request wait-for-body time 60s at-least 8192",
    "http-request send-spoe-group waf inspect",
  ]);
  expect(block).toMatch(/^http-request return status 403 .*403 Forbidden.* if \{ var\(txn\.waf/);
  expect(rest).toEqual([]);
});

test("a rule's own status is one more answer", () => {
  const lines = renderInspection(listener(acl({ ...rate, status: 429 }, { ...rate, status: 429 })));
  expect(lines.filter((line) => line.includes("429"))).toEqual([
    "http-request return status 429 if { var(txn.waf.answer) -m str 429 }",
  ]);
});

test("the engine gets 8 KB of the body, as AWS WAF does", () => {
  expect(messages).toContain("body=req.body,bytes(0,8192)");
});

test("the policies of the listeners that have a web ACL", () => {
  const text = renderPolicies([listener(acl(rate)), { ...listener(null), name: "listener:b" }]);
  expect(JSON.parse(text)).toEqual({
    listeners: { "listener:a": { arn: "arn", default: "ALLOW", rules: [rate] } },
  });
});
