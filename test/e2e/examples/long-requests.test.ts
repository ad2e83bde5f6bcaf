import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CliResult } from "../../_helpers/cli.ts";
import { faultsOf, startLongRequests, type LongRequest } from "../../_helpers/long-requests.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/**
 * Streams of three minutes, requests that are silent for 100 s and WebSockets of three minutes (test/long-app) begin all the time, while a
 * release by each strategy follows the other. The app ends at once when it is asked to.
 */
let project: Project;
let long: ReturnType<typeof startLongRequests> | undefined;
/** The instances that are there, looked at every second, and when the others were seen for the last time. */
const machines = { gone: new Map<string, number>(), over: new AbortController() };
/** When the release of a version ended. Milliseconds since 1970. */
const released: Record<string, number> = {};

beforeAll(async () => {
  project = await createProject("long-requests");
  await project.configure({
    name: "long-requests",
    region: "eu-central-1",
    image: { context: contextFor(project, "test/long-app"), port: 8000 },
    health: { path: "/", drain: "200s" },
    // Longer than any silence; a stream and a WebSocket say something each second.
    requests: { timeout: "2m" },
    alarms: { p99: "2m" },
    instances: { type: "t3.small", min: 2, max: 4 },
    version: { path: "/", field: "version" },
    protection: false,
    release: {
      bake: "5s",
      keep_previous: "1m",
      canary: { weight: 50, bake: "5s" },
      linear: { step: 50, interval: "5s" },
    },
  });
});

afterAll(async () => {
  machines.over.abort();
  await project.remove();
});

test("up", async () => {
  const up = await succeed("up", "--yes", "--json", "--version", "v1");
  long = startLongRequests((JSON.parse(up.stdout) as { readonly url: string }).url);
  void watchMachines();
  await delay(10_000);
});

test.each([
  ["blue-green", "v2"],
  ["canary", "v3"],
  ["linear", "v4"],
])("by %s", async (strategy, version) => {
  await succeed("release", "--version", version, "--strategy", strategy);
  released[version] = Date.now();
  expect(faultsOf(requests())).toEqual([]);
  // Some of them are of the new version at the next release.
  await delay(10_000);
});

test(
  "by rolling, each instance takes the version once its requests have finished",
  { timeout: 900_000 },
  async () => {
    await succeed("release", "--version", "v5", "--strategy", "rolling");
    released["v5"] = Date.now();
    expect(faultsOf(requests())).toEqual([]);
    const before = await serving("v4");
    // The instances are the same.
    expect(await serving("v5")).toEqual(before);
  },
);

test("every request ended in its order, on the container where it began", async () => {
  await long?.stop();
  expect(faultsOf(requests())).toEqual([]);
  expect(requests().every(({ by }) => by !== undefined)).toBe(true);
  process.stderr.write(`${requests().length} long requests, 0 cut\n`);
});

test.each(["v1", "v2", "v3"])(
  "those of %s outlived the release of its successor, and their instances outlived them",
  async (version) => {
    const successor = `v${Number(version.slice(1)) + 1}`;
    for (const kind of ["stream", "silent", "socket"] as const) {
      const outlived = of(version).filter(
        (one) => one.kind === kind && (one.ended ?? 0) > (released[successor] ?? Infinity),
      );
      expect(outlived.length, kind).toBeGreaterThan(0);
    }
    for (const instance of await serving(version)) {
      await expect
        .poll(() => machines.gone.get(instance), { timeout: 300_000, interval: 1000 })
        .toBeDefined();
      const last = Math.max(
        ...of(version)
          .filter(({ by }) => by?.instance === instance)
          .map(({ ended = Infinity }) => ended),
      );
      expect(machines.gone.get(instance)).toBeGreaterThan(last);
    }
  },
);

function requests(): readonly LongRequest[] {
  if (long === undefined) throw new Error("the first test has not run");
  return long.requests;
}

function of(version: string): readonly LongRequest[] {
  return requests().filter(({ by }) => by?.version === version);
}

/** The instances on which requests of the version began; at least one. */
async function serving(version: string): Promise<readonly string[]> {
  const found = [...new Set(of(version).map(({ by }) => by?.instance ?? ""))].toSorted();
  expect(found).not.toEqual([]);
  return found;
}

async function watchMachines(): Promise<void> {
  const seen = new Set<string>();
  const prefix = `infer-deploy-${project.sandbox}-`;
  while (!machines.over.signal.aborted) {
    const { stdout } = await execa("docker", ["ps", "--format", "{{.Names}}"]);
    const now = new Set(
      stdout
        .split("\n")
        .filter((name) => name.startsWith(`${prefix}i-`))
        .map((name) => name.slice(prefix.length)),
    );
    for (const id of now) seen.add(id);
    for (const id of seen)
      if (!now.has(id) && !machines.gone.has(id)) machines.gone.set(id, Date.now());
    await delay(1000);
  }
}

async function succeed(...args: [string, ...string[]]): Promise<CliResult> {
  const end = await project.run(...args, ...(await project.buildArgs()));
  expect(end.exitCode, `${args.join(" ")}\n${end.stderr}`).toBe(0);
  return end;
}
