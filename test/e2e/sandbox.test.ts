import { access } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandbox } from "../../src/commands/sandbox.ts";
import type { Run } from "../../src/process/programs/run.ts";
import { startSandbox } from "../../sandbox/src/lifecycle/start.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";
import { sandboxStatus } from "../../sandbox/src/lifecycle/sandbox-status.ts";
import { stopSandbox } from "../../sandbox/src/lifecycle/stop.ts";
import { createSandboxHome, eventually, type SandboxHome } from "../_helpers/sandbox-home.ts";
import { createStack, type Stack } from "../_helpers/sandbox-stack.ts";
import { startOf } from "../_helpers/start.ts";

const region = "us-east-1";
const [one, two] = ["e2e-one", "e2e-two"];
let home: SandboxHome;
let state: SandboxState;
let stack: Stack;

beforeAll(async () => {
  home = await createSandboxHome();
  state = await startSandbox(home.deps, { name: one, region });
  stack = await createStack(state);
});

afterAll(() => home.remove(one, two));

test("a sandbox that runs is whole, on loopback only, and a second start changes nothing", async () => {
  const before = await home.containers(one);
  expect(await startSandbox(home.deps, { name: one, region })).toEqual(state);
  expect(await home.containers(one)).toEqual(before);
  expect(await sandboxStatus(home.deps, one)).toMatchObject({ running: true, failing: {} });
  const ports = await home.docker(
    "ps",
    "--filter",
    `label=infer-deploy.sandbox=${one}`,
    "--format",
    "{{.Ports}}",
  );
  for (const port of ports.split(/,\s*|\n/).filter((text) => text.includes("->")))
    expect(port).toMatch(/^127\.0\.0\.1:/);
});

test("after kill -9 of the controller, start picks up what is there", async () => {
  await stack.scale("green", 1);
  await eventually(
    () => stack.health("green"),
    (health) => health.some((line) => line.endsWith(" healthy")),
  );
  const before = await home.containers(one);
  process.kill(state.controllerPid ?? 0, "SIGKILL");
  await eventually(
    () => sandboxStatus(home.deps, one),
    ({ running }) => !running,
  );
  const again = await startSandbox(home.deps, { name: one, region });
  expect(again.controllerPid).not.toBe(state.controllerPid);
  expect(await home.containers(one)).toEqual(before);
  await stack.scale("green", 2);
  await eventually(
    () => stack.health("green"),
    (health) => health.filter((line) => line.endsWith(" healthy")).length === 2,
  );
});

test("a part that was removed comes back, and the others stay", async () => {
  await home.docker("rm", "--force", `infer-deploy-${one}-balancer`);
  await startSandbox(home.deps, { name: one, region });
  await stack.shift(0, 100);
  const ask = () =>
    fetch(stack.url)
      .then((response) => response.text())
      .catch(String);
  await eventually(ask, (body) => body === "green");
  expect(await stack.members("green")).toHaveLength(2);
});

test("weather is switched on while the sandbox runs", async () => {
  const asked = await weatherVerb("stale-tags=5m", "skew");
  expect(asked).toMatchObject({ "stale-tags": "5m", skew: "10m", denied: null });
  const { weather } = await sandboxStatus(home.deps, one);
  expect(weather).toEqual({ skew: "10m", "stale-tags": "5m" });
  expect(await weatherVerb()).toMatchObject({ "stale-tags": "5m" });
});

test("a reset is an empty region at the same address", async () => {
  const printed: string[] = [];
  const deps = { ...home.deps, out: (text: string) => void printed.push(text) };
  expect(await sandboxVerb(deps, "reset", one)).toBe(0);
  expect(printed.join("")).toBe(`${state.endpoint}\n`);
  expect(await home.containers(one)).toHaveLength(3);
  await expect(stack.members("green")).resolves.toEqual([]);
  expect(await sandboxStatus(home.deps, one)).toMatchObject({ weather: {} });
});

test("status as JSON says what runs and what is not modelled; it exits with 1 when there is no such sandbox", async () => {
  const printed: string[] = [];
  const deps = { ...home.deps, out: (text: string) => void printed.push(text) };
  expect(await sandboxVerb(deps, "status", one, "--json")).toBe(0);
  expect(JSON.parse(printed.join(""))).toMatchObject({
    schema_version: 1,
    name: one,
    running: true,
    state: { endpoint: state.endpoint },
    not_modelled: expect.arrayContaining([expect.stringContaining("IAM")]),
  });
  expect(await sandboxVerb(deps, "status", "e2e-none")).toBe(1);
});

test("two starts at once make one sandbox, next to another one; stop leaves nothing, even of half a sandbox", async () => {
  const [first, second] = await Promise.all([
    startSandbox(home.deps, { name: two, region }),
    startSandbox(home.deps, { name: two, region }),
  ]);
  expect(second).toEqual(first);
  expect(first.network.subnet).not.toBe(state.network.subnet);
  expect(await home.containers(two)).toHaveLength(3);
  await home.docker("rm", "--force", `infer-deploy-${two}-registry`);
  expect(await stopSandbox(home.deps, two)).toBe(true);
  await eventually(
    () => home.leftovers(two),
    (found) => found.length === 0,
  );
  expect(await stopSandbox(home.deps, two)).toBe(false);
  expect(await sandboxStatus(home.deps, one)).toMatchObject({ running: true });
});

test("a signal ends start and stop, leaves no lock, and the next one continues with the rest", async () => {
  const stopped = new Error("stopped by a signal");
  const started = new AbortController();
  const interrupted = startSandbox(
    {
      ...home.deps,
      interrupts: { aborted: started.signal },
      reporter: {
        ...home.deps.reporter,
        notify: (event) => {
          if (event.type === "step-progress") started.abort(stopped);
        },
      },
    },
    { name: two, region },
  );
  await expect(interrupted).rejects.toBe(stopped);
  await expect(access(`${home.folder(two)}.lock`)).rejects.toThrow("ENOENT");
  const left = await home.containers(two);
  expect(left).not.toEqual([]);
  await startSandbox(home.deps, { name: two, region });
  expect(await home.containers(two)).toEqual(expect.arrayContaining(left));
  expect(await sandboxStatus(home.deps, two)).toMatchObject({ running: true });

  const stopping = new AbortController();
  const run: Run = async (command) => {
    if (command.args[0] === "rm") stopping.abort(stopped);
    return home.deps.run(command);
  };
  await expect(
    stopSandbox({ ...home.deps, run, interrupts: { aborted: stopping.signal } }, two),
  ).rejects.toBe(stopped);
  await expect(access(`${home.folder(two)}.lock`)).rejects.toThrow("ENOENT");
  await stopSandbox(home.deps, two);
  await eventually(
    () => home.leftovers(two),
    (found) => found.length === 0,
  );
});

test("stop takes a sandbox with instances and a killed controller away, processes and all", async () => {
  const current = await createStack(state);
  await current.scale("blue", 1);
  await eventually(
    () => home.containers(one),
    (list) => list.length === 4,
  );
  const { state: running } = await sandboxStatus(home.deps, one);
  process.kill(running?.controllerPid ?? 0, "SIGKILL");
  await stopSandbox(home.deps, one);
  await eventually(
    () => home.leftovers(one),
    (found) => found.length === 0,
  );
});

test("without a Docker engine one sentence says so, with the command that brings one", async () => {
  const nowhere: Run = (command) =>
    home.deps.run({ ...command, env: { ...command.env, DOCKER_HOST: "tcp://127.0.0.1:1" } });
  const start = startSandbox({ ...home.deps, run: nowhere }, { name: "none", region });
  await expect(start).rejects.toMatchObject({
    exitCode: 64,
    message: "The sandbox needs a Docker engine, and no engine answers",
    next: expect.stringContaining("docker"),
  });
  await expect(access(home.folder("none"))).rejects.toThrow("ENOENT");
});

/** Condition -> value, of all that `sandbox weather` lists. */
async function weatherVerb(...operands: readonly string[]): Promise<Record<string, unknown>> {
  const printed: string[] = [];
  const deps = { ...home.deps, out: (text: string) => void printed.push(text) };
  const typed = new Map([
    ["--name", [one]],
    ["--json", []],
  ]);
  const verb = sandbox.verbs.find(({ name }) => name === "weather");
  expect(await verb?.run(startOf(deps, { typed, operands }))).toBe(0);
  const { conditions } = JSON.parse(printed.join("")) as {
    readonly conditions: readonly { readonly name: string; readonly value: unknown }[];
  };
  return Object.fromEntries(conditions.map(({ name, value }) => [name, value]));
}

async function sandboxVerb(
  deps: Parameters<typeof startOf>[0],
  name: string,
  sandboxName: string,
  ...flags: readonly string[]
): Promise<number | undefined> {
  const typed = new Map<string, readonly string[]>(flags.map((flag) => [flag, []]));
  typed.set("--name", [sandboxName]);
  const verb = sandbox.verbs.find((candidate) => candidate.name === name);
  return verb?.run(startOf(deps, { typed }));
}
