import {
  DescribeAutoScalingGroupsCommand,
  DescribeScheduledActionsCommand,
  PutScheduledUpdateGroupActionCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateListenerCommand,
  DeleteRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { readFile } from "node:fs/promises";
import { get } from "node:https";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/src/lifecycle/start.ts";
import { connectEmulator } from "../../sandbox/src/controller/emulator.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";
import { startLoad } from "../_helpers/load.ts";
import { createSandboxHome, eventually, type SandboxHome } from "../_helpers/sandbox-home.ts";
import { createStack, type Stack } from "../_helpers/sandbox-stack.ts";
import { askOften, askWithoutPause } from "../_helpers/stack-load.ts";

const region = "us-east-1";
const name = "e2e-region";
let home: SandboxHome;
let state: SandboxState;
let stack: Stack;

beforeAll(async () => {
  home = await createSandboxHome();
  state = await startSandbox(home.deps, { name, region });
  stack = await createStack(state);
});

afterAll(() => home.remove(name));

test("raising the desired capacity ends in a healthy target that answers through the load balancer", async () => {
  await stack.scale("blue", 1);
  const [instance] = await eventually(
    () => stack.members("blue"),
    (members) => members.length === 1,
  );
  await eventually(
    () => stack.health("blue"),
    (health) => health.join() === `${instance} healthy`,
  );
  expect(await stack.answer("")).toEqual({ status: 200, body: "blue" });
});

test("a shift to the other colour under load loses no request, and each of them is answered by blue or green", async () => {
  await stack.scale("green", 1);
  await eventually(
    () => stack.health("green"),
    (health) => health.length === 1 && health[0]?.endsWith(" healthy") === true,
  );
  const load = askOften(stack);
  for (const green of [10, 50, 100]) {
    await stack.shift(100 - green, green);
    await delay(1500);
  }
  const answers = await load.stop();
  expect(new Set(answers)).toEqual(new Set(["200 blue", "200 green"]));
  expect(answers.at(-1)).toBe("200 green");
  await stack.shift(100, 0);
  await eventually(
    () => stack.answer(""),
    ({ body }) => body === "blue",
  );
});

test("a rule with a header leads to the idle colour and goes without a trace, and no request is lost or led astray", async () => {
  const load = askOften(stack);
  const reloads = await countReloads();
  const rule = await leadToGreen("se?ret*");
  const probe = () => stack.answer("", { "x-probe": "secret-1" });
  await eventually(probe, ({ body }) => body === "green");
  expect(await stack.answer("", { "x-probe": "guess" })).toEqual({ status: 200, body: "blue" });
  await stack.balancing.send(new DeleteRuleCommand({ RuleArn: rule }));
  await eventually(probe, ({ body }) => body === "blue");
  expect(new Set(await load.stop())).toEqual(new Set(["200 blue"]));
  // A reload would leave old connections with an old answer: a release must not need one.
  expect(await countReloads()).toBe(reloads);
});

test("a rule counts for every request that comes while it is created", async () => {
  const load = askWithoutPause(stack, { "x-probe": "eager" });
  const rule = await leadToGreen("eager");
  await eventually(
    async () => load.answers,
    (seen) => seen.includes("200 green"),
  );
  await delay(500);
  const before = load.answers.length;
  await delay(1000);
  const answers = await load.stop();
  await stack.balancing.send(new DeleteRuleCommand({ RuleArn: rule }));
  expect(new Set(answers.slice(before))).toEqual(new Set(["200 green"]));
});

test("fixed responses and redirects are answered by the load balancer, the rule of the lowest number first", async () => {
  const load = askOften(stack);
  const fixed = { StatusCode: "503", ContentType: "text/plain", MessageBody: "it's closed" };
  await stack.addRule(4, path("/*/today"), {
    Type: "forward",
    TargetGroupArn: stack.targetGroups.green,
  });
  await stack.addRule(2, path("/closed*"), { Type: "fixed-response", FixedResponseConfig: fixed });
  await stack.addRule(3, path("/old/*"), {
    Type: "redirect",
    RedirectConfig: { StatusCode: "HTTP_302", Path: "/new/#{path}" },
  });
  await eventually(
    () => stack.answer("closed/today"),
    ({ status, body }) => status === 503 && body === "it's closed",
  );
  await eventually(
    () => stack.answer("open/today"),
    ({ body }) => body === "green",
  );
  const redirect = async () => {
    const response = await fetch(`${stack.url}old/page?x=1`, { redirect: "manual" });
    await response.arrayBuffer();
    return [response.status, response.headers.get("location")];
  };
  const redirected = await eventually(redirect, ([status]) => status === 302);
  expect(redirected).toEqual([302, `${stack.url}new/old/page?x=1`]);
  expect(new Set(await load.stop())).toEqual(new Set(["200 blue"]));
});

test("an instance that is killed under load is replaced by its group, and only what was in flight on it may fail", async () => {
  await stack.scale("blue", 2);
  const healthy = (health: readonly string[]) =>
    health.length === 2 && health.every((line) => line.endsWith(" healthy"));
  await eventually(() => stack.health("blue"), healthy);
  const [victim = ""] = await stack.members("blue");
  const load = startLoad(async () => stack.answer(""), 40);
  await delay(1000);
  await home.docker("kill", `infer-deploy-${name}-${victim}`);
  // The signal is sent; until the container has ended it may still take requests.
  await home.docker("wait", `infer-deploy-${name}-${victim}`).catch(() => undefined);
  const killed = Date.now();
  await eventually(
    () => stack.members("blue"),
    (members) => members.length === 2 && !members.includes(victim),
  );
  await eventually(() => stack.health("blue"), healthy);
  const failed = (await load.stop()).filter(({ status }) => status !== 200);
  expect(failed.filter(({ sent }) => sent > killed)).toEqual([]);
  await eventually(
    () => home.containers(name),
    (list) => !list.some((container) => container.includes(victim)),
  );
  await stack.scale("blue", 1);
  await eventually(
    () => stack.health("blue"),
    (health) => health.length === 1,
  );
});

test("a one-time scheduled action takes the minimum and the capacity of a group to nothing, and is gone", async () => {
  const group = { AutoScalingGroupName: "green" };
  await stack.scaling.send(
    new UpdateAutoScalingGroupCommand({ ...group, MinSize: 1, DesiredCapacity: 1 }),
  );
  const action = { ...group, ScheduledActionName: "idle", MinSize: 0, DesiredCapacity: 0 };
  const StartTime = new Date(Date.now() + 3000);
  await stack.scaling.send(
    new PutScheduledUpdateGroupActionCommand({
      ...action,
      StartTime: new Date(Date.now() + 3_600_000),
    }),
  );
  await stack.scaling.send(new PutScheduledUpdateGroupActionCommand({ ...action, StartTime }));
  await eventually(
    () => stack.members("green"),
    (members) => members.length === 0,
  );
  const described = await stack.scaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["green"] }),
  );
  expect(described.AutoScalingGroups?.[0]).toMatchObject({ MinSize: 0, DesiredCapacity: 0 });
  const left = await stack.scaling.send(new DescribeScheduledActionsCommand(group));
  expect(left.ScheduledUpdateGroupActions).toEqual([]);
});

test("an HTTPS listener has a certificate for its domain, of the sandbox's own authority", async () => {
  const requested = await fetch(state.endpoint, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": "CertificateManager.RequestCertificate",
      authorization: `AWS4-HMAC-SHA256 Credential=${state.key}/20260101/${region}/acm/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify({ DomainName: "api.example.com" }),
  });
  const { CertificateArn } = (await requested.json()) as { readonly CertificateArn: string };
  const created = await stack.balancing.send(
    new CreateListenerCommand({
      LoadBalancerArn: stack.loadBalancerArn,
      Port: 443,
      Protocol: "HTTPS",
      Certificates: [{ CertificateArn }],
      DefaultActions: [
        {
          Type: "fixed-response",
          FixedResponseConfig: { StatusCode: "200", MessageBody: "secure" },
        },
      ],
    }),
  );
  const ports = await connectEmulator(state).listenerPorts();
  const port = ports.get(created.Listeners?.[0]?.ListenerArn ?? "");
  const ca = await readFile(join(home.folder(name), "certs", "ca.crt"));
  const ask = () =>
    new Promise<string>((resolve) => {
      const options = {
        host: "127.0.0.1",
        port,
        ca,
        servername: "api.example.com",
        headers: { host: "api.example.com" },
      };
      const request = get(options, (response) => response.setEncoding("utf8").on("data", resolve));
      request.on("error", (error) => resolve(String(error)));
    });
  await eventually(ask, (said) => said === "secure");
});

/** Adds a rule for requests with such a header, and returns its ARN. */
async function leadToGreen(value: string): Promise<string> {
  return stack.addRule(
    1,
    {
      Field: "http-header",
      HttpHeaderConfig: { HttpHeaderName: "X-Probe", Values: [value] },
    },
    { Type: "forward", TargetGroupArn: stack.targetGroups.green },
  );
}

async function countReloads(): Promise<number> {
  const log = await readFile(join(home.folder(name), "controller.log"), "utf8");
  return log.split("load balancer reloaded").length - 1;
}

function path(pattern: string) {
  return { Field: "path-pattern", PathPatternConfig: { Values: [pattern] } };
}
