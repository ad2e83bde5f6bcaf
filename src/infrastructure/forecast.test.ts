import { afterEach, expect, test } from "vitest";
import { infrastructureWorld, removeFolders } from "../../test/_helpers/infrastructure-world.ts";
import { served } from "../../test/_helpers/release-world.ts";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { config } from "../../test/_helpers/session-world.ts";
import { forecastUp } from "./forecast.ts";

afterEach(removeFolders);

const options = { refreshAmi: false };

test("a stack that does not exist yet: everything is added, and a first release follows", async () => {
  const { deps, terraform } = await infrastructureWorld();
  const forecast = await forecastUp(deps, options);
  expect(forecast).toMatchObject({
    result: { summary: { add: 2, change: 0, remove: 0 }, hasChanges: true },
    applied: undefined,
    firstRelease: true,
    newestImage: "ami-newest-amd64",
    desired: { amiId: "ami-newest-amd64" },
  });
  expect(terraform.steps).toEqual(["init", "plan"]);
});

test("it makes the bucket at most: nothing is locked, asked, applied or recorded", async () => {
  const { deps, terraform, happened, stack, bucket } = await infrastructureWorld({ answer: false });
  await forecastUp(deps, options);
  expect(happened).toEqual(["bucket"]);
  expect(terraform.planLocked).toBe(false);
  expect(terraform.exists).toEqual([]);
  expect(stack.calls.filter((call) => !/^store\.(get|list)$/.test(call))).toEqual([]);
  expect(bucket.read("stack.json")).toBeUndefined();
});

test("a stack that serves keeps its machine image, and no first release follows", async () => {
  const world = await infrastructureWorld();
  const record = { ...stackRecord(), ami_architecture: "amd64" as const };
  writeApplied(world, record);
  world.write(served({ container: world.current.container }));
  const forecast = await forecastUp(world.deps, options);
  expect(forecast).toMatchObject({ firstRelease: false, desired: { amiId: "ami-1" } });
  expect(forecast.applied).toEqual(record);
  const refreshed = await forecastUp(world.deps, { refreshAmi: true });
  expect(refreshed.desired.amiId).toBe("ami-newest-amd64");
});

test("settings that would end what serves are refused before anything is planned", async () => {
  const world = await infrastructureWorld({ config: config("image: { port: 9000 }") });
  writeApplied(world);
  world.write(served());
  await expect(forecastUp(world.deps, options)).rejects.toMatchObject({ exitCode: 64 });
  expect(world.terraform.steps).toEqual([]);
  expect(world.happened).toEqual([]);
});

test("a record that cannot be read is refused with the command that writes it again", async () => {
  const world = await infrastructureWorld();
  const newer = { ...stackRecord(), schema_version: 2 };
  world.bucket.write("stack.json", JSON.stringify(newer));
  await expect(forecastUp(world.deps, options)).rejects.toMatchObject({
    next: expect.stringContaining("infer-deploy up --refresh"),
  });
});

test("a watch that is too short for an alarm is a warning, and alarms that cannot be read are none", async () => {
  // The configuration of these tests bakes for 5 s.
  const world = await infrastructureWorld();
  writeApplied(world);
  world.write(served({ container: world.current.container }));
  const slow = async (names: readonly string[]) =>
    names.map((name) => ({ name, state: "OK", reason: "", periodSeconds: 120 }));
  const forecast = await forecastUp({ ...world.deps, alarms: { describe: slow } }, options);
  expect(forecast.warnings).toEqual([
    "release.bake is 5s, but the alarm app-production-blue-errors needs up to 4m to go off",
  ]);
  const denied = async () => Promise.reject(new Error("AccessDenied"));
  const blind = await forecastUp({ ...world.deps, alarms: { describe: denied } }, options);
  expect(blind.warnings).toEqual([]);
});

test("settings that wait for a release are named", async () => {
  const world = await infrastructureWorld();
  writeApplied(world);
  const { container } = world.current;
  world.write(served({ container: { ...container, env: { OLD: "1" }, memory_mb: 1 } }));
  const blind = { describe: async () => [] };
  const forecast = await forecastUp({ ...world.deps, alarms: blind }, options);
  expect(forecast.warnings).toEqual([
    "the next release brings what the running version does not have: env, instances.memory",
  ]);
});

/** As `up` leaves a stack: its record, and Terraform's state. */
function writeApplied(
  { bucket }: { readonly bucket: { readonly write: (key: string, text: string) => void } },
  record = stackRecord(),
): void {
  bucket.write("stack.json", JSON.stringify(record));
  bucket.write("terraform.tfstate", JSON.stringify({ serial: record.state_serial }));
}
