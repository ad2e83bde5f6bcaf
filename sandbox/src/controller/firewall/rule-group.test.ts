import { expect, test } from "vitest";
import { keyBodies, keyRules } from "../../../../src/aws/api-keys/key-rules.ts";
import { renderInspection } from "./firewall-config.ts";
import { readWebAcl, type WebAclAnswer } from "./web-acl.ts";

const visible = { VisibilityConfig: { MetricName: "keys" } };

/** What the emulator returns of a web ACL with a rule group of the account. Its bytes are in base64. */
function acl(rules: readonly object[], override: object = { None: {} }): WebAclAnswer {
  const text = JSON.stringify(rules, (_, value: unknown) =>
    typeof value === "object" && value !== null && "type" in value && value.type === "Buffer"
      ? Buffer.from((value as unknown as { readonly data: number[] }).data).toString("base64")
      : value,
  );
  return {
    ARN: "arn",
    DefaultAction: { Allow: {} },
    ...visible,
    Rules: [
      {
        Name: "api-keys",
        Priority: 0,
        OverrideAction: override,
        Statement: { RuleGroupReferenceStatement: { ARN: "arn:group" } },
        ...visible,
      },
    ],
    RuleGroups: {
      "arn:group": { Rules: JSON.parse(text) as never, CustomResponseBodies: keyBodies as never },
    },
  };
}

test("the rules of API keys are read as the engine evaluates them", () => {
  const { rules, ignored } = readWebAcl(acl(keyRules(["a", "b"])));
  expect(ignored).toEqual([]);
  expect(rules[0]?.rules).toEqual([
    {
      name: "no-valid-api-key",
      action: "BLOCK",
      status: 401,
      body: { type: "application/json", text: expect.stringContaining("x-api-key") },
      statement: {
        not: {
          or: [
            { header: "x-api-key", equals: "YQ==" },
            { header: "x-api-key", equals: "Yg==" },
          ],
        },
      },
    },
  ]);
  expect(readWebAcl(acl(keyRules(["a"]))).rules[0]?.rules?.[0]?.statement).toEqual({
    not: { header: "x-api-key", equals: "YQ==" },
  });
  expect(readWebAcl(acl(keyRules([]))).rules[0]?.rules?.[0]?.statement).toEqual({ always: true });
});

test("a group that is overridden counts", () => {
  expect(readWebAcl(acl(keyRules(["a"]), { Count: {} })).rules[0]?.action).toBe("COUNT");
});

test("a statement that the engine does not know is ignored, and named", () => {
  const [rule] = keyRules(["a"]);
  const unknown = { ...rule, Statement: { GeoMatchStatement: { CountryCodes: ["DE"] } } };
  expect(readWebAcl(acl([unknown]))).toMatchObject({ rules: [], ignored: ["api-keys"] });
});

test("a rule's own answer has its body, and a door that fails closed answers 500", () => {
  const listener = { name: "a", idleSeconds: 60, webAcl: readWebAcl(acl(keyRules(["a"]))) };
  const closed = renderInspection({ ...listener, failsOpen: false });
  expect(closed).toContain(
    `http-request return status 401 content-type application/json string '{"error":"The header x-api-key needs a valid key."}' if { var(txn.waf.answer) -m str 401 }`,
  );
  const unanswered = "http-request return status 500 unless { var(txn.waf.answer) -m found }";
  expect(closed).toContain(unanswered);
  expect(renderInspection({ ...listener, failsOpen: true })).not.toContain(unanswered);
});
