import { afterAll, beforeAll, expect, test } from "vitest";
import { settle } from "../../../src/config/schema/settle.ts";
import type { Settings } from "../../../src/config/schema/config.ts";
import { containerSettings } from "../../../src/release/plan/container-settings.ts";
import type { AgentState } from "../../../src/state/reports/agent-state.ts";
import { defaultEngine } from "../../../sandbox/src/client/engine-versions.ts";
import { buildAwkwardApp } from "../../_helpers/instance-containers.ts";
import { bootMachine, type Machine } from "../../_helpers/instance-machine.ts";
import { parameters } from "../../_helpers/instance-seed.ts";

/** test/awkward-app on an instance, by the keys of `container` alone. */
let machine: Machine;
let release = 0;

beforeAll(async () => {
  machine = await bootMachine(defaultEngine, buildAwkwardApp);
});
afterAll(async () => {
  await machine?.remove();
});

const root = { entrypoint: ["python3"], command: ["-u", "/srv/server.py", "a b"] };
const all = {
  ...root,
  writable: ["/srv/data"],
  tmp: { exec: true },
  capabilities: ["SETUID" as const, "SETGID" as const],
  shm: 128,
  cache: { path: "/cache", size: "1gb" },
  ulimits: { nofile: { soft: 1234, hard: 2345 } },
};

test.each([
  ["user", {}, "container.capabilities: [SETUID, SETGID]"],
  ["shared", {}, "/dev/shm (64 MB, container.shm)"],
  ["home program", {}, "/tmp/tool: programs may not run from /tmp. Set container.tmp.exec: true"],
  [
    "home data",
    {},
    "/srv/data: the image's files cannot be changed. Add /srv/data to container.wr",
  ],
  ["home owned", {}, "/srv/owned/state: it runs as the user of its image and without capabilities"],
])("without a key the error of %s names it", async (steps, keys, words) => {
  expect(await run("crashed", steps, keys)).toMatchObject({ detail: containing(words) });
});

test("an end in memory says how much of it was in /tmp", async () => {
  const keys = { tmp: { size: 200 } };
  expect(await run("out-of-memory", "temporary", keys)).toMatchObject({
    detail: expect.stringMatching(/256 MB of memory.* \d{2,3} MB of them were files in \/tmp: con/),
  });
});

test("a part of the memory that is larger than all of it is refused before the container starts", async () => {
  expect(await run("failed", "home", { shm: 300 })).toMatchObject({
    detail: containing("container.shm asks for 300 MB, and the container has 256 MB"),
  });
});

test("a cache where the image has a file is refused", async () => {
  expect(await run("failed", "home", { cache: { path: "/srv/server.py" } })).toMatchObject({
    detail: containing("container.cache.path has /srv/server.py, which is a file in the image"),
  });
});

test("a cache over what the container runs is refused, since the container would not find it", async () => {
  expect(await run("failed", "home", { cache: { path: "/srv" } })).toMatchObject({
    detail: containing(
      "container.cache.path has /srv, where the cache would hide the image's own /srv/server.py",
    ),
  });
});

test("with the keys it serves, as the user that it steps down to", async () => {
  await run("healthy", undefined, all, { "my.name": "line\nline", "my-name": "${HOME}" });
  expect(await ask()).toEqual({
    user: 1000,
    shm_mb: 128,
    argv: ["a b"],
    starts: 1,
    env: {
      "my.name": "line\nline",
      "my-name": "${HOME}",
      HOME: "/root",
      HF_HOME: "/cache/huggingface",
    },
  });
  const limits = await inContainer("sh", "-c", "ulimit -n; ulimit -Hn");
  expect(limits).toBe("1234\n2345\n");
});

test("the cache survives the next release, and what was writable does not", async () => {
  const old = ["touch", "/srv/data/index/old"];
  await machine.exec("docker", "exec", "--user", "1000", "infer-deploy-app", ...old);
  expect(await inContainer("ls", "/srv/data/index")).toBe("old\n");
  const before = await ask();
  await run("healthy", undefined, { ...all, cache: { path: "/elsewhere", size: "1gb" } });
  expect(await ask()).toMatchObject({
    starts: (before.starts ?? 0) + 1,
    env: { HF_HOME: "/elsewhere/huggingface" },
  });
  expect(await inContainer("ls", "/srv/data/index")).toBe("");
  const volumes = await machine.exec("docker", "volume", "ls", "--quiet");
  expect(volumes.stdout.trim().split("\n").length).toBe(2);
});

test("a cache changes hands with the user, and another user has a home folder", async () => {
  await run("healthy", "home", { ...root, user: "4711", cache: { path: "/cache" } });
  expect(await ask()).toMatchObject({ user: 4711, env: { HOME: "/home/infer-deploy" } });
  expect(await inContainer("stat", "-c", "%u", "/cache/huggingface", "/home/infer-deploy")).toBe(
    "4711\n4711\n",
  );
});

test("the answers of health.codes are good", async () => {
  const health = { path: "/login", codes: [401, 200] };
  await run("healthy", "home", {}, {}, { health });
  expect(await run("unhealthy", "home", {}, {}, { health: { path: "/login" } })).toMatchObject({
    detail: containing("or add 401 to health.codes"),
  });
});

test.each([
  ["a redirect to https", "/moved", {}, "X-Forwarded-Proto", 301],
  ["a Host that is refused", "/named", {}, "the instance's address as Host", 400],
  ["a port for IPv6 only", "/", { LISTEN: "6" }, "of [::] for IPv6 only; it must", undefined],
] as const)("%s ends a release long before health.timeout", async (_, path, env, words, code) => {
  const health = { path, timeout: "1h" };
  expect(await run("unhealthy", "home", {}, env, { health })).toMatchObject({
    detail: containing(words),
  });
  if (code !== undefined) {
    await run("healthy", "home", {}, env, { health: { ...health, codes: [code] } });
  }
});

/** Runs the image with these keys, and resolves to the report of the state. */
async function run(
  state: AgentState["state"],
  steps: string | undefined,
  container: Settings["container"],
  env: Readonly<Record<string, string>> = {},
  more: Settings = {},
): Promise<AgentState | undefined> {
  release += 1;
  const config = settle("my-api", "production", "eu-central-1", {
    instances: { memory: 256 },
    health: { timeout: "60s" },
    ...more,
    ...(container === undefined ? {} : { container }),
    env: { ...env, ...(steps === undefined ? {} : { STEPS: steps }) },
  });
  const groups = { app: parameters.log_group, boot: parameters.boot_log_group };
  const settings = containerSettings(config, { log_groups: groups }, {}, null);
  await machine.release(release, "", { container: settings });
  const number = release;
  const found = async () => {
    const reports = await machine.reports();
    return reports.findLast((report) => report.release === number && report.state === state);
  };
  await expect.poll(found, patience).toBeDefined();
  return found();
}

interface Answer {
  readonly user: number;
  readonly shm_mb: number;
  readonly argv: readonly string[];
  readonly starts: number;
  readonly env: Readonly<Record<string, string>>;
}

async function ask(): Promise<Partial<Answer>> {
  const script =
    "import urllib.request; print(urllib.request.urlopen('http://127.0.0.1:8080/').read().decode())";
  return JSON.parse((await machine.exec("python3", "-c", script)).stdout) as Answer;
}

async function inContainer(...command: readonly string[]): Promise<string> {
  return (await machine.exec("docker", "exec", "infer-deploy-app", ...command)).stdout;
}

const containing = (text: string): unknown => expect.stringContaining(text);
const patience = { timeout: 90_000, interval: 300 };
