import { afterEach, expect, test } from "vitest";
import { infrastructureWorld, removeFolders } from "../../../test/_helpers/infrastructure-world.ts";
import { served } from "../../../test/_helpers/release-world.ts";
import { config } from "../../../test/_helpers/session-world.ts";
import type { StateBackend } from "../../config/schema/project/state.ts";
import { bringUp } from "../bring-up.ts";
import { resolveDesired } from "../desired.ts";
import { forecastUp } from "../forecast.ts";
import { provision } from "../provision.ts";
import { tearDown } from "../tear-down.ts";
import { requireState } from "./moved-state.ts";
import { stateInCloud, type StatePlace } from "./state-place.ts";

afterEach(removeFolders);

const request = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };

/** A place whose state has this serial. */
function place(backend: StateBackend, serial: number | undefined): StatePlace {
  const nothing = async () => undefined;
  const name = { s3: "s3://b/k", local: "/p/terraform.tfstate", cloud: "https://hcp" }[backend];
  return { backend, name, init: {}, serial: async () => serial, prepare: nothing, remove: nothing };
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
    message: "Terraform's state of app (production) is not in /p/terraform.tfstate.",
    where: "state.backend in infer-deploy.yml",
    detail: [
      "aws s3 cp s3://infer-deploy-123456789012-eu-west-1-an/app/production/terraform.tfstate moved.tfstate",
      "install -D -m 600 moved.tfstate /p/terraform.tfstate",
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

const at = { name: "app", environment: "production", region: "eu-west-1" };

test("a copy that is older than the applied state counts as none", async () => {
  const applied = { state_backend: "local", state_serial: 9 } as const;
  await expect(requireState(at, "1", place("s3", 8), applied)).rejects.toMatchObject({
    detail: [
      expect.stringContaining("cp .infer-deploy/1/eu-west-1/app/production/"),
      expect.stringContaining("aws s3 cp moved.tfstate s3://"),
    ],
  });
  await requireState(at, "1", place("s3", 9), applied);
});

test("without a change of the place, a state that is gone is lost", async () => {
  const applied = { state_backend: "local", state_serial: 9 } as const;
  await expect(requireState(at, "1", place("local", undefined), applied)).rejects.toMatchObject({
    message: "Terraform's state of app (production) is gone.",
    where: "/p/terraform.tfstate",
  });
  await requireState(at, "1", place("local", undefined), undefined);
});

test("a workspace of HCP Terraform is looked into after init, and an empty one is refused", async () => {
  const world = await serving();
  const state = stateInCloud(world.deps.store, "https://app.terraform.io/app/acme/app-production");
  world.terraform.serial = 0;
  const deps = { ...world.deps, state };
  await expect(forecastUp(deps, request)).rejects.toMatchObject({
    message: "The workspace has no state of this stack.",
    where: "https://app.terraform.io/app/acme/app-production",
  });
  expect(world.terraform.steps).toEqual(["init"]);
  world.terraform.serial = 1;
  await forecastUp(deps, request);
});
