import { afterEach, expect, test } from "vitest";
import { infrastructureWorld, removeFolders } from "../../../test/_helpers/infrastructure-world.ts";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { CommandError } from "../../errors/command-error.ts";
import { parseStackRecord, stackKey, topologyOf } from "../../state/stack-record.ts";
import { forecastUp } from "../forecast.ts";
import { bringUp, type BringUpDeps } from "../bring-up.ts";

afterEach(removeFolders);

const request = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };
const machine = {
  group: "app-production-machine",
  address: "192.0.2.7",
  parameters: { settings: "/door/settings", traffic: "/door/traffic" },
  alarm_names: [],
};

/** One machine that serves, and a configuration that wants a fleet. */
async function startSingle() {
  const world = await infrastructureWorld();
  await bringUp(world.deps, request);
  const { release_pointers, repository_url, repository_name, ...outputs } = stackRecord().outputs;
  const { url, log_groups, alarm_names } = outputs;
  const common = {
    url,
    log_groups,
    alarm_names,
    release_pointers,
    repository_url,
    repository_name,
  };
  const { store } = world.deps;
  const found = await store.get(stackKey);
  await store.put(stackKey, { ...(found?.value as object), outputs: { ...common, machine } });
  world.terraform.moreOutputs = { machine };
  world.happened.length = 0;
  world.terraform.applied.length = 0;
  const record = async () => parseStackRecord((await store.get(stackKey))?.value);
  const up = async (changes: Partial<BringUpDeps> = {}) =>
    bringUp({ ...world.deps, ...changes }, request);
  return { ...world, record, up };
}

/** What each apply had: parts of a machine, and of a fleet. */
function partsOf(applied: readonly object[]): readonly string[] {
  return applied.map((variables) => {
    const { names } = variables as { readonly names: object };
    return [["machine", "groups"].filter((name) => name in names)].join();
  });
}

test("the fleet is built next to the machine, the names lead to it, and then the machine goes", async () => {
  const world = await startSingle();
  const done = await world.up();
  expect(partsOf(world.terraform.applied)).toEqual(["machine,groups", "machine,groups", "groups"]);
  expect(world.happened).toEqual([
    "lock",
    "staying",
    "leaving",
    "unlock",
    "bucket",
    "lock",
    "headers",
    "unlock",
  ]);
  expect(done.release).toMatchObject({ release: 1, version: "v1" });
  const after = await world.record();
  expect([topologyOf(after.outputs), after.beside, after.moves_to]).toEqual([
    "fleet",
    undefined,
    undefined,
  ]);
});

test("a plan shows what is built next to the machine, and says what follows", async () => {
  const world = await startSingle();
  const { desired, warnings } = await forecastUp(world.deps, { refreshAmi: false });
  expect(warnings[0]).toMatch(/moves from one machine to a fleet.*one machine is deleted/);
  const main = desired.files.get("main.tf") ?? "";
  expect(main).toContain('module "machine"');
  expect(main).toContain('module "fleet"');
});

test("where the fleet does not serve, the names stay, and the next run tries again", async () => {
  const world = await startSingle();
  const refused = async () => {
    throw new CommandError("It does not start.");
  };
  const broken = world.up({
    openSession: async (record) => {
      const session = await world.deps.openSession(record);
      return topologyOf(record.outputs) === "single"
        ? session
        : { ...session, door: { ...session.door, setWeights: refused } };
    },
  });
  await expect(broken).rejects.toThrow("It does not start.");
  const between = await world.record();
  expect([topologyOf(between.outputs), between.moves_to]).toEqual(["single", "fleet"]);
  expect(partsOf(world.terraform.applied)).toEqual(["machine,groups"]);
  await world.up();
  expect(topologyOf((await world.record()).outputs)).toBe("fleet");
});

test("where the fleet does not serve, the topology that serves can be set again, and the fleet goes", async () => {
  const world = await startSingle();
  const broken = async () => {
    throw new CommandError("It does not start.");
  };
  await expect(
    world.up({
      openSession: async (record) => ({
        ...(await world.deps.openSession(record)),
        door: { ...(await world.deps.openSession(record)).door, setWeights: broken },
      }),
    }),
  ).rejects.toThrow("It does not start.");
  world.terraform.applied.length = 0;
  const config = { ...world.deps.config, topology: "single" as const };
  await world.up({ config, sources: { ...world.deps.sources, config } });
  expect(partsOf(world.terraform.applied)).toEqual(["machine"]);
  const after = await world.record();
  expect([topologyOf(after.outputs), after.beside]).toEqual(["single", undefined]);
});

test("a run that ends while it waits for old answers is continued there", async () => {
  const world = await startSingle();
  const gone = new Error("killed");
  const clock = {
    ...world.deps.clock,
    sleep: async (milliseconds: number, signal?: AbortSignal) => {
      if (milliseconds >= 75_000) throw gone;
      return world.deps.clock.sleep(milliseconds, signal);
    },
  };
  const domains = { ...world.deps.config, domains: ["api.example.com"], zone: "example.com" };
  await expect(world.up({ clock, config: domains })).rejects.toThrow("killed");
  expect(topologyOf((await world.record()).outputs)).toBe("fleet");
  world.terraform.applied.length = 0;
  await world.up();
  expect(partsOf(world.terraform.applied)).toEqual(["groups"]);
});

test("what would end a move in its middle is refused before anything is made, also by plan", async () => {
  const world = await startSingle();
  const config = { ...world.deps.config, auth: "keys" as const };
  const closed = expect.objectContaining({ exitCode: 64, where: "auth: keys in infer-deploy.yml" });
  await expect(world.up({ config })).rejects.toThrow(closed);
  await expect(forecastUp({ ...world.deps, config }, { refreshAmi: false })).rejects.toThrow(
    closed,
  );
  await world.deps.store.put("pause.json", {
    schema_version: 1,
    token: "t",
    maintenance: {
      since: "2026-01-01T00:00:00Z",
      who: "ada@laptop",
      message: "Back soon.",
      retry_after_seconds: 60,
    },
    sleep: null,
  });
  await expect(world.up()).rejects.toThrow(
    expect.objectContaining({ exitCode: 64, next: "infer-deploy maintenance off" }),
  );
  expect(world.happened).toEqual([]);
});

test("another processor is refused before anything is made", async () => {
  const world = await startSingle();
  const config = {
    ...world.deps.config,
    image: { ...world.deps.config.image, platform: "linux/arm64" as const },
  };
  await expect(world.up({ config })).rejects.toThrow(
    expect.objectContaining({ exitCode: 64, where: expect.stringContaining("instances.type") }),
  );
  expect(world.happened).toEqual([]);
});
