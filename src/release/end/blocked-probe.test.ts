import { expect, test } from "vitest";
import { awsFailure } from "../../../test/_helpers/aws-failure.ts";
import { config, sessionWorld } from "../../../test/_helpers/session-world.ts";
import { explainBlockedProbe } from "./blocked-probe.ts";
import type { Ending } from "../strategy/machine.ts";

const rule = "AWS#AWSManagedRulesCommonRuleSet#GenericLFI_QUERYARGUMENTS";

function ending(detail: string): Ending {
  const failure = {
    cause: "3 of the last 3 probes failed",
    where: "probe of the new version by its header",
    detail: [detail],
  };
  return { outcome: "rolled-back", stuck: false, failure };
}

async function explain(
  end: Ending,
  found: string | Error | undefined,
  mode = "block",
  auth = "none",
) {
  const settings = config(`waf: { mode: ${mode} }\nauth: ${auth}`);
  const { session, clock } = sessionWorld({ config: settings });
  const times: { readonly from: Date; readonly to: Date }[] = [];
  const firewall = {
    blockingRule: async (time: (typeof times)[number]) => {
      times.push(time);
      if (found instanceof Error) throw found;
      return found;
    },
  };
  return { explained: await explainBlockedProbe({ ...session, clock, firewall }, end), times };
}

test.each(["403", "429"])("a probe that was answered %s gets AWS WAF's rule", async (status) => {
  const { explained, times } = await explain(
    ending(`GET / answered ${status} instead of 200`),
    rule,
  );
  expect(explained.failure?.cause).toBe(
    `3 of the last 3 probes failed, because AWS WAF blocked them by its rule ${rule}`,
  );
  expect(explained.failure?.next).toContain("set waf.mode: count, and run infer-deploy up");
  const [{ from, to }] = times as [(typeof times)[number]];
  expect(to.getTime() - from.getTime()).toBe(600_000);
});

test("a probe without a valid API key names the keys", async () => {
  const end = ending("GET / answered 401 instead of 200");
  const { explained } = await explain(end, "no-valid-api-key", "none", "keys");
  expect(explained.failure?.cause).toContain("AWS WAF did not accept their API key");
  expect(explained.failure?.next).toContain("infer-deploy keys list");
  expect((await explain(end, "no-valid-api-key")).times).toEqual([]);
});

test("the version's own 403 is left as it is", async () => {
  const end = ending("GET / answered 403 instead of 200");
  expect((await explain(end, undefined)).explained).toBe(end);
});

test.each([
  ["another answer", ending("GET / answered 500 instead of 200"), "block"],
  ["a stack without a web ACL", ending("GET / answered 403 instead of 200"), "none"],
  [
    "a release that succeeded",
    { outcome: "succeeded", stuck: false, failure: null } as const,
    "block",
  ],
] as const)("AWS WAF is not asked about %s", async (_, end, mode) => {
  const { explained, times } = await explain(end, rule, mode);
  expect(explained).toBe(end);
  expect(times).toEqual([]);
});

test("a refusal of AWS WAF is a line", async () => {
  const denied = awsFailure("WAFInvalidOperationException", "not now");
  const { explained } = await explain(ending("GET / answered 403 instead of 200"), denied);
  expect(explained.failure?.detail.at(-1)).toMatch(/^AWS WAF may have blocked it, but .*not now/);
});
