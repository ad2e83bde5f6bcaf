import { ModifyLoadBalancerAttributesCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { changeWeather } from "../../sandbox/src/client/weather.ts";
import type { Weather } from "../../sandbox/src/client/weather-text.ts";
import { serviceAddress } from "../../sandbox/src/containers/addresses.ts";
import { instanceScript } from "../../sandbox/src/controller/weather/instance-scripts.ts";
import { startSandbox } from "../../sandbox/src/lifecycle/start.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";
import { createSandboxHome, eventually, type SandboxHome } from "../_helpers/sandbox-home.ts";
import { createStack, type Stack } from "../_helpers/sandbox-stack.ts";

const name = "e2e-weather";
const engine = ["containerd", "docker"];
let home: SandboxHome;
let state: SandboxState;
let stack: Stack;
let instance: string;

beforeAll(async () => {
  home = await createSandboxHome();
  state = await startSandbox(home.deps, { name, region: "us-east-1" });
  stack = await createStack(state, { idleSeconds: 1 });
  instance = await member();
});

afterAll(() => home.remove(name));

test("a load balancer drops header names with an underscore once it has the attribute", async () => {
  const names = async () =>
    (await stack.answer("headers", { api_key: "1", "x-api-key": "2" })).body.toLowerCase();
  expect(await names()).toContain("api_key");
  await setAttribute("routing.http.drop_invalid_header_fields.enabled", "true");
  const left = await eventually(names, (found) => !found.includes("api_key"));
  expect(left).toContain("x-api-key");
});

test("a target that is silent for longer than the idle timeout gives 504", async () => {
  expect((await stack.answer("slow")).status).toBe(200);
  await setAttribute("idle_timeout.timeout_seconds", "1");
  await eventually(
    () => stack.answer("slow"),
    ({ status }) => status === 504,
  );
  await setAttribute("idle_timeout.timeout_seconds", "60");
});

test("keep-alive: an application that closes idle connections early answers some requests with 502", async () => {
  const ask = async (count: number) => {
    const statuses: number[] = [];
    for (let index = 0; index < count; index += 1) {
      statuses.push((await stack.answer("")).status);
      await delay(1100);
    }
    return statuses;
  };
  await weather({ "keep-alive": true });
  await eventually(rules, (found) => found.includes("DROP"));
  const seen = await ask(8);
  expect(new Set(seen)).toEqual(new Set([200, 502]));
  await weather({});
  await eventually(rules, (found) => !found.includes("DROP"));
  expect(new Set(await ask(2))).toEqual(new Set([200]));
});

test("self-update: an instance restarts its engine once, unless its user-data has seen to that", async () => {
  const started = async () =>
    (
      await inInstance("systemctl", "show", "--value", "-p", "ActiveEnterTimestamp", ...engine)
    ).split(/\n+/);
  const before = await started();
  await weather({ "self-update": "1s" });
  await eventually(
    () => readFile(join(home.folder(name), "controller.log"), "utf8"),
    (log) => log.includes('"task":"update"'),
  );
  const after = await started();
  expect(after.filter((time) => before.includes(time))).toEqual([]);
  await weather({});
  const update = () =>
    inInstance("sh", "-c", "rm -f /var/lib/sandbox-self-update; sandbox-self-update");
  await inInstance("apt-mark", "hold", "containerd", "docker.io");
  const override = "$nrconf{override_rc}{qr(^(app|containerd|docker))} = 0;";
  await inInstance(
    "sh",
    "-c",
    `mkdir -p /etc/needrestart/conf.d && echo '${override}' >/etc/needrestart/conf.d/app.conf`,
  );
  expect((await update()).split("\n")).toEqual([
    "self-update: containerd is held",
    "self-update: docker.io is held",
  ]);
  await inInstance("systemctl", "mask", "apt-daily-upgrade.timer");
  expect(await update()).toBe(
    "self-update: apt-daily-upgrade.timer is masked, so nothing is updated",
  );
  expect(await started()).toEqual(after);
});

test("flaky-instance: the first lookup fails, or the first connection to the registry, and the next ones do not", async () => {
  const { subnet } = state.network;
  const addresses = {
    balancer: serviceAddress(subnet, "balancer"),
    registry: serviceAddress(subnet, "registry"),
  };
  const tries = async (task: "fail-dns" | "fail-registry", command: string) => {
    await inInstance("sh", "-ec", instanceScript(task, addresses));
    const twice = `for try in 1 2; do ${command} >/dev/null 2>&1 && echo works || echo fails; done`;
    return (await inInstance("sh", "-c", twice)).split("\n");
  };
  const lookup = `python3 -c 'import socket; socket.getaddrinfo("emulator", 5000)'`;
  expect(await tries("fail-dns", lookup)).toEqual(["fails", "works"]);
  const registry = `curl --insecure --max-time 5 https://${addresses.registry}/v2/`;
  expect(await tries("fail-registry", registry)).toEqual(["fails", "works"]);
});

test("slow-boot: an instance has its container at once and runs its user data later", async () => {
  await weather({ "slow-boot": "6s" });
  const began = Date.now();
  await stack.scale("blue", 2);
  const boxes = await eventually(
    () => home.containers(name),
    (list) => list.length === 5,
  );
  await weather({});
  const box = boxes.find((one) => one.includes("-i-") && !one.includes(instance))?.split(" ")[0];
  expect(await home.docker("exec", box ?? "", "cat", "/proc/1/comm")).toBe("sh");
  await eventually(
    () => stack.health("blue"),
    (health) => health.filter((line) => line.endsWith(" healthy")).length === 2,
  );
  expect(Date.now() - began).toBeGreaterThan(6000);
});

async function member(): Promise<string> {
  await stack.scale("blue", 1);
  await eventually(
    () => stack.health("blue"),
    (health) => health.length === 1 && health[0]?.endsWith(" healthy") === true,
  );
  const [id = ""] = await stack.members("blue");
  return id;
}

async function weather(conditions: Weather): Promise<void> {
  await changeWeather(state, conditions);
}

async function rules(): Promise<string> {
  return inInstance("iptables", "-t", "mangle", "-S", "POSTROUTING");
}

async function inInstance(...command: string[]): Promise<string> {
  return home.docker("exec", `infer-deploy-${name}-${instance}`, ...command);
}

async function setAttribute(Key: string, Value: string): Promise<void> {
  await stack.balancing.send(
    new ModifyLoadBalancerAttributesCommand({
      LoadBalancerArn: stack.loadBalancerArn,
      Attributes: [{ Key, Value }],
    }),
  );
}
