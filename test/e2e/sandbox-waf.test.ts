import { setTimeout as delay } from "node:timers/promises";
import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { ModifyLoadBalancerAttributesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { DisassociateWebACLCommand } from "@aws-sdk/client-wafv2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/src/lifecycle/start.ts";
import { injections, script } from "../_helpers/injections.ts";
import { createSandboxHome, eventually, type SandboxHome } from "../_helpers/sandbox-home.ts";
import { createStack, type Stack } from "../_helpers/sandbox-stack.ts";
import {
  type Asked,
  ask as askAt,
  createWebAcl,
  innerName,
  type WebAcl,
} from "../_helpers/web-acl.ts";
import { type LogRecord, logRequests } from "../_helpers/web-acl-log.ts";

const name = "e2e-waf";
let home: SandboxHome;
let stack: Stack;
let acl: WebAcl;
let readLog: () => Promise<readonly LogRecord[]>;

beforeAll(async () => {
  home = await createSandboxHome();
  const state = await startSandbox(home.deps, { name, region: "us-east-1" });
  stack = await createStack(state);
  acl = await createWebAcl(state);
  readLog = await logRequests(state, acl);
  await stack.scale("blue", 1);
  await eventually(
    () => stack.health("blue"),
    (health) => health.length === 1 && health[0]?.endsWith(" healthy") === true,
  );
});

afterAll(() => home.remove(name));

test("without a web ACL no engine runs, and injections reach the application", async () => {
  expect(await processes()).not.toContain("waf-engine");
  expect((await ask({ path: script })).status).toBe(200);
});

test("a web ACL blocks injections in headers, path and query, and names its rules", async () => {
  await acl.associate(stack.loadBalancerArn);
  await eventually(
    () => ask({ path: script }),
    ({ status }) => status === 403,
  );
  const began = new Date(Date.now() - 1000);
  const answers: Record<string, number> = {};
  for (const [title, asked] of injections) answers[title] = (await ask(asked)).status;
  expect(answers).toEqual(Object.fromEntries(injections.map(([title]) => [title, 403])));
  const rules = new Set<string>(injections.map(([, , rule]) => rule));
  const named = await eventually(
    async () => new Set(await acl.blockedBy(began)),
    (found) => found.size >= rules.size,
  );
  expect(named).toEqual(rules);
});

test("a release's probe is found among the samples by its header", async () => {
  const began = new Date(Date.now() - 1000);
  await ask({ path: script, headers: { "x-probe": "s3cret" } });
  const [found] = await eventually(
    async () =>
      (await acl.samples("AWSManagedRulesCommonRuleSet", began)).filter(({ Request }) =>
        Request?.Headers?.some(({ Name }) => Name === "x-probe"),
      ),
    (list) => list.length > 0,
  );
  expect(found).toMatchObject({
    Action: "BLOCK",
    RuleNameWithinRuleGroup: "AWS#AWSManagedRulesCommonRuleSet#CrossSiteScripting_QUERYARGUMENTS",
    Request: { Method: "GET", URI: "/" },
  });
  expect(JSON.stringify(found)).not.toContain("s3cret");
});

test("the log has a record of a blocked request, without its keys, and none of one that passed", async () => {
  await ask({ path: "/passes" });
  const keys = { "x-api-key": "s3cret-key", authorization: "Bearer s3cret-token" };
  await ask({ path: "/?id=1'%20OR%20'1'='1", headers: keys });
  const [found] = await eventually(
    async () => (await readLog()).filter(({ httpRequest: { args } }) => args.startsWith("id=1")),
    (records) => records.some(({ httpRequest }) => JSON.stringify(httpRequest).includes("x-api")),
  ).then((records) => records.slice(-1));
  expect(found).toMatchObject({
    action: "BLOCK",
    webaclId: acl.arn,
    terminatingRuleId: "AWSManagedRulesSQLiRuleSet",
    ruleGroupList: [{ terminatingRule: { ruleId: "SQLi_QUERYARGUMENTS" } }],
    httpRequest: { uri: "/", args: "id=1'%20OR%20'1'='1" },
  });
  const headers = new Map(found?.httpRequest.headers.map((header) => [header.name, header.value]));
  expect(headers.get("x-api-key")).toBe("REDACTED");
  expect(headers.get("authorization")).toBe("REDACTED");
  expect(headers.get("user-agent")).toBe("e2e/1.0");
  const all = JSON.stringify(await readLog());
  expect(all).not.toContain("s3cret");
  expect(all).not.toContain("/passes");
});

test("predictions pass: a megabyte of numbers, free text with SQL and HTML, no User-Agent", async () => {
  const began = new Date(Date.now() - 1000);
  const numbers = JSON.stringify({ inputs: Array.from({ length: 150_000 }, () => 0.1234) });
  expect(numbers.length).toBeGreaterThan(1_000_000);
  expect(await ask({ body: numbers })).toEqual({ status: 200, body: `${numbers.length} bytes` });
  const text = JSON.stringify({
    text: "<script>alert('hi')</script> ' OR 1=1; DROP TABLE users; -- see ../../etc/passwd",
  });
  expect(await ask({ body: text })).toEqual({ status: 200, body: `${text.length} bytes` });
  expect((await ask({ agent: null })).status).toBe(200);
  const counted = await eventually(
    async () => (await acl.samples("AWSManagedRulesCommonRuleSet", began)).map(innerName),
    (found) => found.includes("NoUserAgent_HEADER"),
  );
  expect(counted).toEqual(
    expect.arrayContaining(["SizeRestrictions_BODY", "CrossSiteScripting_BODY"]),
  );
  const counts = await acl.samples("AWSManagedRulesSQLiRuleSet", began);
  expect(new Set(counts.map(innerName))).toEqual(new Set(["SQLi_BODY"]));
  expect(counts.map(({ Action }) => Action)).not.toContain("BLOCK");
});

test("CloudWatch has the blocked requests", async () => {
  const dimensions = { Region: "us-east-1", Rule: "ALL", WebACL: "demo" };
  await eventually(
    async () => {
      const answer = await stack.watch.send(
        new GetMetricStatisticsCommand({
          Namespace: "AWS/WAFV2",
          MetricName: "BlockedRequests",
          Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
          StartTime: new Date(Date.now() - 600_000),
          EndTime: new Date(Date.now() + 60_000),
          Period: 60,
          Statistics: ["Sum"],
        }),
      );
      return (answer.Datapoints ?? []).reduce((sum, { Sum = 0 }) => sum + Sum, 0);
    },
    (sum) => sum >= injections.length,
  );
});

test.each([
  ["pass", "true", 200],
  ["get 500", "false", 500],
])(
  "while the engine hangs, requests %s; one that has ended is started again",
  async (_, opens, wanted) => {
    const Attributes = [{ Key: "waf.fail_open.enabled", Value: opens }];
    await stack.balancing.send(
      new ModifyLoadBalancerAttributesCommand({
        LoadBalancerArn: stack.loadBalancerArn,
        Attributes,
      }),
    );
    // The balancer reads attributes again after a while.
    await delay(attributesMilliseconds);
    await ask({});
    const container = `infer-deploy-${name}-balancer`;
    const signal = async (kind: "STOP" | "KILL") => {
      const send = `for p in /proc/[0-9]*; do case "$(tr '\\0' ' ' <$p/cmdline)" in waf-engine*) kill -${kind} "\${p#/proc/}" ;; esac; done`;
      await home.docker("exec", container, "sh", "-c", send);
    };
    await signal("STOP");
    expect((await ask({})).status).toBe(wanted);
    await signal("KILL");
    await eventually(
      () => ask({ path: script }),
      ({ status }) => status === 403,
    );
  },
);

test("count blocks nothing, and counts", async () => {
  const began = new Date();
  await acl.change("count");
  await eventually(
    () => ask({ path: script }),
    ({ status }) => status === 200,
  );
  for (const [, asked] of injections) expect((await ask(asked)).status).not.toBe(403);
  const found = await eventually(
    async () =>
      (await acl.samples("AWSManagedRulesCommonRuleSet", began)).filter(
        ({ Action }) => Action === "COUNT",
      ),
    (list) => list.length > 0,
  );
  expect(found.map(innerName)).toContain("CrossSiteScripting_QUERYARGUMENTS");
});

test("an address above the rate is blocked, and let through again after a while", async () => {
  await acl.change("block", 20);
  const statuses = new Set<number>();
  await eventually(
    async () => {
      const { status } = await ask({});
      statuses.add(status);
      return status;
    },
    (status) => status === 429,
  );
  expect(statuses).toEqual(new Set([200, 429]));
  const blockedAt = Date.now();
  await eventually(
    async () => {
      await delay(10_000);
      return (await ask({})).status;
    },
    (status) => status === 200,
  );
  expect(Date.now() - blockedAt).toBeGreaterThan(30_000);
});

test("without the web ACL injections pass again, and the engine ends", async () => {
  await acl.client.send(new DisassociateWebACLCommand({ ResourceArn: stack.loadBalancerArn }));
  await eventually(
    () => ask({ path: script }),
    ({ status }) => status === 200,
  );
  await eventually(processes, (list) => !list.includes("waf-engine"));
});

function ask(asked: Asked) {
  return askAt(stack.url, asked);
}

/** The commands that run in the load balancer's container. */
async function processes(): Promise<string> {
  return home.docker("top", `infer-deploy-${name}-balancer`, "-eo", "pid,args");
}

const attributesMilliseconds = 8000;
