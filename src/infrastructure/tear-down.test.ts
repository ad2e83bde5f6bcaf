import { existsSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { awsFailure } from "../../test/_helpers/aws-failure.ts";
import {
  infrastructureWorld,
  removeFolders,
  type InfrastructureOptions,
} from "../../test/_helpers/infrastructure-world.ts";
import { served } from "../../test/_helpers/release-world.ts";
import { config } from "../../test/_helpers/session-world.ts";
import { nameStack } from "../stack/names.ts";
import { resolveDesired } from "./desired.ts";
import { provision } from "./provision.ts";
import { tearDown, type TearDownDeps } from "./tear-down.ts";

afterEach(removeFolders);

const unprotected = (): InfrastructureOptions => ({ config: config("protection: false") });

/** A stack that serves, as `up` has left it. */
async function start(options: InfrastructureOptions = unprotected()) {
  const world = await infrastructureWorld(options);
  const desired = await resolveDesired(world.sources, undefined, { refreshAmi: false });
  await provision({ ...world.deps, yes: true }, { desired, applied: undefined, build: undefined });
  world.write(served());
  Object.assign(world.stack.groups.blue, { min: 2, desired: 2 });
  world.terraform.steps.length = 0;
  const destroy = async (changes: Partial<TearDownDeps> = {}) =>
    tearDown({ ...world.deps, ...changes });
  return { ...world, desired, destroy };
}

test("everything goes: images, instances, infrastructure, documents and the folder", async () => {
  const world = await start();
  expect(await world.destroy()).toBe("2 resources destroyed, no tagged resource left");
  expect(world.terraform.steps).toEqual(["init", "plan", "apply"]);
  expect(world.terraform.exists).toEqual([]);
  expect(world.registry.images.size).toBe(0);
  expect(world.stack.groups.blue).toMatchObject({ min: 0, desired: 0 });
  expect(await world.deps.store.list("")).toEqual([]);
  expect(existsSync(world.desired.folder)).toBe(false);
  expect(world.reporter.steps().slice(-6)).toEqual([
    "+ empty",
    "- empty done",
    "+ apply",
    "- apply done",
    "+ prove",
    "- prove done",
  ]);
});

test("what blocks a deletion is emptied before it: a repository with images cannot be deleted", async () => {
  const world = await start();
  let left = -1;
  world.terraform.onApply = () => {
    left = world.registry.images.size;
  };
  await world.destroy();
  expect(left).toBe(0);
});

test("a second time there is nothing to destroy, and it ends well", async () => {
  const world = await start();
  await world.destroy();
  world.terraform.steps.length = 0;
  expect(await world.destroy()).toBe("nothing to destroy");
  expect(world.terraform.steps).toEqual([]);
});

test("a protected stack is refused with the way to it, and nothing is touched", async () => {
  const world = await start({ config: config("protection: true") });
  await expect(world.destroy()).rejects.toMatchObject({
    where: "protection in infer-deploy.yml",
    next: expect.stringContaining("protection: false"),
  });
  expect(world.terraform.exists).toEqual(world.terraform.wanted);
});

test("the answer no destroys nothing", async () => {
  const world = await start({ ...unprotected(), answer: false });
  await expect(world.destroy()).rejects.toMatchObject({ message: "Nothing was destroyed." });
  expect(world.terraform.exists).toEqual(world.terraform.wanted);
  expect(world.registry.images.size).toBe(1);
  expect(world.happened).toEqual([]);
});

test("a release that runs keeps its stack: nothing is emptied without the lock", async () => {
  const world = await start();
  const locked = new Error("The stack is locked");
  await expect(world.destroy({ takeLock: async () => Promise.reject(locked) })).rejects.toBe(
    locked,
  );
  expect(world.registry.images.size).toBe(1);
  expect(world.terraform.exists).toEqual(world.terraform.wanted);
});

test.each([true, false])(
  "the lock is held until the documents are gone, so that no other run's are removed: resources left %s",
  async (hasResources) => {
    const world = await start();
    if (!hasResources) world.terraform.exists = [];
    const { store } = world.deps;
    const takeLock = async () => {
      const etag = await store.put("lock.json", { id: "mine" }, "absent");
      if (etag === false) throw new Error("The stack is locked");
      const release = async () => {
        world.happened.push(...(await store.list("")));
        await store.remove("lock.json", etag);
      };
      return { release };
    };
    world.happened.length = 0;
    await world.destroy({ takeLock });
    expect(world.happened).toEqual(["lock.json"]);
    expect(world.terraform.steps.includes("apply")).toBe(hasResources);
    expect(await store.list("")).toEqual([]);
  },
);

test("an apply that fails releases the lock, and keeps the documents for the next time", async () => {
  const world = await start();
  world.terraform.failures.set("apply", new Error("DependencyViolation"));
  await expect(world.destroy()).rejects.toThrow("DependencyViolation");
  expect(world.happened.slice(-2)).toEqual(["lock", "unlock"]);
  expect(world.record(7)).toBeDefined();
  expect(world.bucket.read("stack.json")).toBeDefined();
  expect(existsSync(world.desired.folder)).toBe(true);
});

test("an apply that fails lists what AWS still has, because Terraform may not know what blocks it", async () => {
  const world = await start();
  world.terraform.failures.set("apply", new Error("DependencyViolation"));
  const left = Array.from({ length: 12 }, (_, index) => `subnet subnet-${index}`);
  const failed = world.destroy({ findLeft: async () => ({ left, unsure: [] }) });
  await expect(failed).rejects.toThrow("DependencyViolation");
  expect(world.reporter.warnings().at(-1)).toMatch(
    /^AWS still has subnet subnet-0, .*subnet-9, and 2 more;/,
  );
  const unknown = await start();
  unknown.terraform.failures.set("apply", new Error("DependencyViolation"));
  const findLeft = async () => Promise.reject(awsFailure("ExpiredToken", "too late"));
  await expect(unknown.destroy({ findLeft })).rejects.toThrow("DependencyViolation");
});

test("groups that an earlier destroy has deleted are no error, any other refusal is one", async () => {
  const scale = (failure: Error) => () => ({ scale: async () => Promise.reject(failure) });
  const gone = await start();
  await gone.destroy({ fleetOf: scale(awsFailure("ValidationError", "name not found")) });
  expect(gone.terraform.exists).toEqual([]);
  const denied = await start();
  const refused = denied.destroy({ fleetOf: scale(awsFailure("AccessDenied", "not you")) });
  await expect(refused).rejects.toThrow("not you");
  expect(denied.terraform.exists).toEqual(denied.terraform.wanted);
});

test("a stack that was never recorded is found by its tags, and its images by their usual name", async () => {
  const world = await start();
  await world.deps.store.removeAll("");
  world.registry.repositories.clear();
  expect(await world.destroy()).toContain("no tagged resource left");
  expect(world.registry.images.size).toBe(0);
  const { repository } = nameStack("app", "production", "eu-west-1");
  expect([...world.registry.repositories]).toEqual([repository]);
  expect(world.stack.groups.blue).toMatchObject({ desired: 2 });
});

test("what AWS deletes slowly is asked about again until it is gone", async () => {
  const world = await start();
  const answers = [["vpc a"], ["vpc a", "subnet b"], ["subnet b"], []];
  const findLeft = async () => ({ left: answers.shift() ?? [], unsure: [] });
  expect(await world.destroy({ findLeft })).toContain("no tagged resource left");
  expect(world.clock.slept).toEqual([2000, 2000, 2000]);
});

test("what is still there after a minute is listed; a second destroy finds it gone and ends well", async () => {
  const world = await start();
  let left = ["vpc a", "volume b"];
  const findLeft = async () => ({ left, unsure: [] });
  await expect(world.destroy({ findLeft })).rejects.toMatchObject({
    message: "2 resources of app (production) could not be destroyed.",
    detail: ["vpc a", "volume b"],
  });
  expect(world.reporter.steps().at(-1)).toBe("- prove failed");
  expect(world.happened.slice(-2)).toEqual(["lock", "unlock"]);
  expect(world.clock.slept).toHaveLength(29);
  // Nothing is being deleted any more, so the second run does not wait.
  await expect(world.destroy({ findLeft })).rejects.toMatchObject({ detail: left });
  expect(world.clock.slept).toHaveLength(29);
  left = [];
  expect(await world.destroy({ findLeft })).toBe("nothing to destroy");
});

test("documents and folder go as soon as Terraform's state is empty, whatever AWS still has", async () => {
  const world = await start();
  const keys: (readonly string[])[] = [];
  const findLeft = async () => {
    keys.push(await world.deps.store.list(""));
    return { left: [], unsure: [] };
  };
  await world.destroy({ findLeft });
  expect(keys).toEqual([[]]);
  expect(existsSync(world.desired.folder)).toBe(false);
});

const record = 'module.dns.aws_route53_record.validation["api.example.com"]';

test.each([
  ["another certificate renews by it", async () => ["arn:acm:other"]],
  ["AWS does not say", async () => Promise.reject(awsFailure("AccessDenied", "not you"))],
])("the domain's validation record stays when %s", async (_, otherCertificates) => {
  const world = await start();
  world.terraform.exists = [...world.terraform.exists, record];
  await world.destroy({ otherCertificates });
  expect(world.terraform.steps).toEqual(["init", "plan", "state rm", "init", "plan", "apply"]);
  expect(world.reporter.warnings().at(-1)).toMatch(
    /^the validation record of api\.example\.com .* stays/,
  );
});

test("the domain's validation record goes with the only certificate that uses it", async () => {
  const world = await start();
  world.terraform.exists = [...world.terraform.exists, record];
  await world.destroy();
  expect(world.terraform.steps).toEqual(["init", "plan", "apply"]);
});

test("what could not be found out is a warning, not a failure", async () => {
  const world = await start();
  const findLeft = async () => ({ left: [], unsure: ["iam could not be asked"] });
  await world.destroy({ findLeft });
  expect(await world.destroy({ findLeft })).toBe("nothing to destroy");
  expect(world.reporter.warnings().slice(-2)).toEqual([
    "iam could not be asked",
    "iam could not be asked",
  ]);
});

test("a Ctrl-C while the registry is emptied destroys nothing more", async () => {
  const world = await start();
  const ecr = async () => {
    world.press();
    return world.session.ecr();
  };
  await expect(world.destroy({ ecr })).rejects.toMatchObject({ exitCode: 130 });
  expect(world.terraform.exists).toEqual(world.terraform.wanted);
});
