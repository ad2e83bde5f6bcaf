import { afterEach, expect, test } from "vitest";
import {
  infrastructureWorld,
  removeFolders,
  type InfrastructureOptions,
} from "../../test/_helpers/infrastructure-world.ts";
import { next, served } from "../../test/_helpers/release-world.ts";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { config } from "../../test/_helpers/session-world.ts";
import { CommandError } from "../errors/command-error.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { openJournal } from "../state/journal.ts";
import { bringUp, type BringUpRequest } from "./bring-up.ts";

afterEach(removeFolders);

async function start(options: InfrastructureOptions = {}) {
  const world = await infrastructureWorld(options);
  const up = async (changes: Partial<BringUpRequest> = {}) =>
    bringUp(world.deps, {
      version: "v1",
      buildArgs: {},
      refresh: false,
      refreshAmi: false,
      ...changes,
    });
  return { ...world, up };
}

/** The same after a first `up`, with what it did forgotten. */
async function startUp(options: InfrastructureOptions = {}) {
  const world = await start(options);
  await world.up();
  world.happened.length = 0;
  world.terraform.steps.length = 0;
  world.registry.verbs.length = 0;
  world.stack.calls.length = 0;
  return world;
}

test("from a folder to an address: bucket, lock, infrastructure, image, first release", async () => {
  const world = await start();
  const done = await world.up();
  expect(done).toMatchObject({
    changed: true,
    sourcesChanged: false,
    changedSettings: [],
    release: { release: 1, version: "v1", outcome: "succeeded" },
    stack: { name: "app", state_serial: 1 },
  });
  expect(world.happened).toEqual(["bucket", "lock", "headers", "unlock"]);
  expect(world.terraform.exists).toEqual(world.terraform.wanted);
  expect(world.registry.tags.get("v1")).toBe(done.release.digest);
  expect(world.stack.groups.blue).toMatchObject({ min: 2, desired: 2 });
});

test("a domain that cannot work is refused before anything is made", async () => {
  const world = await start();
  const checkDomain = async () => {
    throw new CommandError("example.com is not delegated to its Route53 zone.");
  };
  const up = bringUp(
    { ...world.deps, checkDomain },
    {
      version: "v1",
      buildArgs: {},
      refresh: false,
      refreshAmi: false,
    },
  );
  await expect(up).rejects.toThrow("is not delegated");
  expect(world.happened).toEqual([]);
  expect(world.terraform.steps).toEqual([]);
});

test("only a first up asks for quotas", async () => {
  const world = await start();
  let asked = 0;
  const warnOfQuotas = async () => void (asked += 1);
  const request = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };
  await bringUp({ ...world.deps, warnOfQuotas }, request);
  expect(asked).toBe(1);
  await bringUp({ ...world.deps, warnOfQuotas }, { ...request, refresh: true });
  expect(asked).toBe(1);
});

test("a second time it changes nothing: no plan, no build, no lock", async () => {
  const world = await startUp();
  expect(await world.up()).toMatchObject({ changed: false, release: { release: 1 } });
  expect(world.terraform.steps).toEqual([]);
  expect(world.registry.verbs).toEqual([]);
  expect(world.happened).toEqual([]);
  expect(world.stack.calls).not.toContain("fleet.scale");
});

/** The configuration of now, where the first `up` had another. */
async function upWith(world: Awaited<ReturnType<typeof start>>, text: string) {
  const changed = config(text);
  const openSession: typeof world.deps.openSession = async (stack) => ({
    ...(await world.deps.openSession(stack)),
    config: changed,
  });
  const sources = { ...world.sources, config: changed };
  return bringUp(
    { ...world.deps, config: changed, sources, openSession },
    { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false },
  );
}

test("--refresh plans again, also where the files are the same", async () => {
  const world = await startUp();
  expect(await world.up({ refresh: true })).toMatchObject({ changed: true });
  expect(world.terraform.steps).toEqual(["init", "plan"]);
  expect(world.happened).toEqual(["bucket", "lock", "no login", "headers", "unlock"]);
});

test("--refresh does without a stack.json that cannot be read, and keeps the machine image", async () => {
  const world = await startUp();
  world.bucket.write("stack.json", JSON.stringify({ ...stackRecord(), schema_version: 2 }));
  await expect(world.up()).rejects.toMatchObject({ where: "stack.json" });
  const { stack } = await world.up({ refresh: true });
  expect(stack).toMatchObject({ schema_version: 1, ami_id: "ami-1" });
});

test("a build that fails: what exists and costs, and the next time only the release is made", async () => {
  const world = await start();
  const sources = world.registry.sources;
  world.registry.sources = null;
  // It is found out while the infrastructure is made.
  const run = world.deps.run;
  const slow: typeof run = async (command) => {
    while (command.args.includes("build") && world.terraform.exists.length === 0) {
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    }
    return run(command);
  };
  const failed = bringUp(
    { ...world.deps, run: slow },
    { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false },
  );
  await expect(failed).rejects.toMatchObject({
    message: "The Dockerfile does not build.",
    detail: ["ERROR: the wheel is missing"],
    why: expect.stringContaining("costs money"),
  });
  expect(world.terraform.exists).toEqual(world.terraform.wanted);
  expect(world.record(1)).toBeUndefined();
  world.registry.sources = sources;
  world.terraform.steps.length = 0;
  expect(await world.up()).toMatchObject({ release: { release: 1 }, changed: true });
  expect(world.terraform.steps).toEqual([]);
});

test("the lock is released when it fails", async () => {
  const world = await start();
  world.terraform.failures.set("apply", new Error("AccessDenied"));
  await expect(world.up()).rejects.toThrow("AccessDenied");
  expect(world.happened).toEqual(["bucket", "lock", "unlock"]);
});

test("a stack whose first release failed makes another one, with the next number", async () => {
  const world = await start();
  world.stack.bad.set(1, { state: "crashed", detail: "", log_tail: [], restarts: 2 });
  await expect(world.up()).rejects.toMatchObject({ exitCode: 1 });
  const { release } = await world.up({ version: "v2" });
  expect(release).toMatchObject({ release: 2, version: "v2", outcome: "succeeded" });
});

test("a first release that was interrupted is repaired before the next one begins", async () => {
  const world = await start();
  await world.up().catch(() => undefined);
  world.write(next({ release: 1, colour: "blue", replaces: null }));
  const one = { ...(world.journal()?.plan ?? expect.fail("there is no journal")) };
  await (await openJournal(world.deps.store, one, world.clock.now)).write("wait", "begun");
  const { release } = await world.up({ version: "v2" });
  expect(world.record(1)).toMatchObject({ outcome: "cancelled" });
  expect(release).toMatchObject({ release: 2, outcome: "succeeded" });
});

test("sources and settings that the running version does not have are named", async () => {
  const world = await startUp();
  world.write({
    ...served({ release: 1, deployment: 1 }),
    ...world.record(1),
    context_hash: "old",
  });
  const done = await upWith(world, "env: { BATCH: '8' }\nhealth: { drain: 20s }");
  expect(done).toMatchObject({
    sourcesChanged: true,
    changedSettings: ["env", "health.drain"],
    release: { release: 1 },
  });
});

test("a release of an existing image has no sources that could differ", async () => {
  const world = await startUp();
  const record = world.record(1) ?? expect.fail("there is no release");
  world.write({ ...record, context_hash: "" });
  expect(await world.up()).toMatchObject({ sourcesChanged: false });
});

test("a setting that would end what serves is refused before the plan", async () => {
  const world = await startUp();
  await expect(upWith(world, "image: { port: 9000 }")).rejects.toMatchObject({ exitCode: 64 });
  expect(world.terraform.steps).toEqual([]);
});

test("a domain that does not answer here is a warning, because the load balancer answers", async () => {
  const domain = "domain: api.shop.example\nzone: shop.example";
  const world = await start({ config: config(domain) });
  let asked = 0;
  const fetch: typeof globalThis.fetch = async () => {
    asked += 1;
    throw new TypeError("fetch failed", { cause: { code: "ENOTFOUND" } });
  };
  const request = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };
  const done = await bringUp({ ...world.deps, fetch }, request);
  expect(done.release).toMatchObject({ outcome: "succeeded" });
  expect(asked).toBe(5);
  expect(world.reporter.warnings()).toContainEqual(
    expect.stringMatching(/^the load balancer answers, but .* does not answer here: .*ENOTFOUND/),
  );
});

test("port 80 serves before a domain is removed, but only once the plan is agreed to", async () => {
  const world = await startUp();
  const applied = JSON.parse(world.bucket.read("stack.json") ?? "") as StackRecord;
  const outputs = { ...applied.outputs, url: "https://api.shop.example" };
  world.bucket.write("stack.json", JSON.stringify({ ...applied, outputs, applied_hash: "old" }));
  const request = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };
  world.terraform.exists = [...world.terraform.exists, "aws_acm_certificate.this"];
  await expect(bringUp({ ...world.deps, yes: false }, request)).rejects.toThrow("Nothing was");
  expect(world.happened).toEqual(["bucket", "lock", "unlock"]);
  await bringUp({ ...world.deps, yes: true }, request);
  expect(world.happened.slice(3)).toEqual(["bucket", "lock", "port 80", "headers", "unlock"]);
});

test("a changed health path is asked at the stack's own load balancer, for the name may lead to another region", async () => {
  const world = await startUp();
  const changes = {
    config: config("health: { path: /ready }"),
    fetch: async () => new Response(""),
    fetchOwn: () => async () => new Response("", { status: 404 }),
  };
  const request = { version: "v1", buildArgs: {}, refresh: true, refreshAmi: false };
  const up = bringUp({ ...world.deps, ...changes }, request);
  await expect(up).rejects.toThrow("is not healthy on /ready");
});
