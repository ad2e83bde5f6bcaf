import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import {
  infrastructureWorld,
  removeFolders,
  stateOwner,
} from "../../../test/_helpers/infrastructure-world.ts";
import { served } from "../../../test/_helpers/release-world.ts";
import { config } from "../../../test/_helpers/session-world.ts";
import type { StateBackend } from "../../config/schema/project/state.ts";
import { bringUp } from "../bring-up.ts";
import { resolveDesired } from "../desired.ts";
import { forecastUp } from "../forecast.ts";
import { provision } from "../provision.ts";
import { tearDown } from "../tear-down.ts";
import { requireState } from "./require-state.ts";
import { stateInCloud, type StatePlace } from "./state-place.ts";

afterEach(removeFolders);

const request = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };
const addresses = { s3: "s3://b/app/terraform.tfstate", local: "/my project/terraform.tfstate" };
const page = "https://app.terraform.io/app/acme/app-production";

/** A place whose state has this serial. */
function place(backend: StateBackend, serial: number | undefined): StatePlace {
  const nothing = async () => undefined;
  return {
    owner: stateOwner,
    addresses,
    backend,
    name: { ...addresses, cloud: page }[backend],
    init: {},
    serial: async () => serial,
    prepare: nothing,
    remove: nothing,
  };
}

async function serving() {
  const world = await infrastructureWorld({ config: config("protection: false") });
  const desired = await resolveDesired(world.sources, undefined, { refreshAmi: false });
  await provision({ ...world.deps, yes: true }, { desired, applied: undefined, build: undefined });
  world.write(served());
  world.terraform.steps.length = 0;
  return world;
}

test("another backend is refused with the commands that move the state, before any plan", async () => {
  const world = await serving();
  const deps = { ...world.deps, state: place("local", undefined) };
  const moved = {
    exitCode: 64,
    message: "Terraform's state of app (production) is not in /my project/terraform.tfstate.",
    where: "state.backend in infer-deploy.yml",
    detail: [
      "aws s3 cp s3://b/app/terraform.tfstate moved.tfstate",
      "(umask 077 && mkdir -p '/my project' && cp moved.tfstate '/my project/terraform.tfstate')",
    ],
    next: expect.stringContaining("set state.backend to s3 again"),
  };
  await expect(forecastUp(deps, request)).rejects.toMatchObject(moved);
  await expect(bringUp(deps, { ...request, refresh: true })).rejects.toMatchObject(moved);
  const left = { left: ["load balancer app"], unsure: [] };
  await expect(tearDown({ ...deps, findLeft: async () => left })).rejects.toMatchObject(moved);
  const old = { ...deps, state: place("local", 0) };
  await expect(tearDown({ ...old, findLeft: async () => left })).rejects.toMatchObject(moved);
  expect(world.terraform.steps).toEqual([]);
});

test("once the state is there, it is used, and the record says so", async () => {
  const world = await serving();
  const deps = { ...world.deps, state: place("local", 1) };
  const { stack } = await bringUp(deps, { ...request, refresh: true });
  expect(stack.state_backend).toBe("local");
});

test("after a change, a copy that is older than the applied state counts as none", async () => {
  const applied = { state_backend: "local", state_serial: 9 } as const;
  await expect(requireState(place("s3", 8), applied)).rejects.toMatchObject({
    detail: [
      "cp '/my project/terraform.tfstate' moved.tfstate",
      "aws s3 cp moved.tfstate s3://b/app/terraform.tfstate",
    ],
  });
  await requireState(place("s3", 9), applied);
});

test("without a change, a state that is gone is lost", async () => {
  const applied = { state_backend: "local", state_serial: 9 } as const;
  await expect(requireState(place("local", undefined), applied)).rejects.toMatchObject({
    message: "Terraform's state of app (production) is gone.",
    where: "/my project/terraform.tfstate",
  });
  await requireState(place("local", undefined), undefined);
});

test("an old file of another checkout is refused; an old version in the bucket is a person's wish", async () => {
  const local = { state_backend: "local", state_serial: 9 } as const;
  await expect(requireState(place("local", 8), local)).rejects.toMatchObject({
    exitCode: 64,
    where: "/my project/terraform.tfstate",
    why: expect.stringContaining("its serial is 8, and the last infer-deploy up left 9"),
  });
  await requireState(place("local", 10), local);
  await requireState(place("s3", 8), { state_serial: 9 });
});

test("a workspace of HCP Terraform is looked into after init, and refused until it has the newest state", async () => {
  const world = await serving();
  const state = stateInCloud(world.deps.store, stateOwner, addresses, page);
  const deps = { ...world.deps, state };
  world.terraform.serial = 0;
  await expect(forecastUp(deps, request)).rejects.toMatchObject({
    message: `Terraform's state of app (production) is not in ${page}.`,
    detail: [
      "aws s3 cp s3://b/app/terraform.tfstate moved.tfstate",
      "infer-deploy render --out moved",
      "terraform -chdir=moved init",
      "terraform -chdir=moved state push ../moved.tfstate",
    ],
  });
  expect(world.terraform.steps).toEqual(["init"]);
  world.terraform.serial = 4;
  const { stack } = await bringUp(deps, { ...request, refresh: true });
  expect(stack).toMatchObject({ state_backend: "cloud", state_serial: 4 });
  world.terraform.serial = 0;
  await expect(forecastUp(deps, request)).rejects.toMatchObject({
    message: "Terraform's state of app (production) is gone.",
  });
});

test("a workspace with the state of another stack is refused", async () => {
  const world = await infrastructureWorld();
  const state = stateInCloud(world.deps.store, stateOwner, addresses, page);
  world.terraform.serial = 4;
  for (const [name, other] of [
    ["account_id", "210987654321"],
    ["region", "us-east-1"],
    ["repository_name", "infer-deploy/app/staging"],
  ] as const) {
    world.terraform.stateOutputs = { [name]: { value: other } };
    await expect(forecastUp({ ...world.deps, state }, request)).rejects.toMatchObject({
      exitCode: 64,
      where: page,
      why: expect.stringContaining(`its ${name} is ${other}`),
    });
  }
  world.terraform.stateOutputs = { region: { value: stateOwner.region } };
  await forecastUp({ ...world.deps, state }, request);
});

test("only for HCP Terraform, init does not see which backend the folder had", async () => {
  const world = await infrastructureWorld();
  const { folder } = await resolveDesired(world.sources, undefined, { refreshAmi: false });
  const memory = join(folder, ".terraform", "terraform.tfstate");
  await mkdir(join(folder, ".terraform"), { recursive: true });
  await writeFile(memory, "{}");
  await forecastUp(world.deps, request);
  expect(existsSync(memory)).toBe(true);
  const state = stateInCloud(world.deps.store, stateOwner, addresses, page);
  await forecastUp({ ...world.deps, state }, request);
  expect(existsSync(memory)).toBe(false);
});
