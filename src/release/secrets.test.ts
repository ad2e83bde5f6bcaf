import { expect, test } from "vitest";
import { FakeSecrets } from "../../test/_helpers/fake-secrets.ts";
import { releaseSession } from "../../test/_helpers/release-session.ts";
import { served } from "../../test/_helpers/release-world.ts";
import { releaseVersion } from "./release.ts";
import { rollbackVersion } from "./rollback.ts";
import { newestSecrets } from "./secrets.ts";

const named = { secrets: { TOKEN: "file", KEY: "env" } } as const;

/** Release 7 serves; the configuration names two secrets. */
function setUp() {
  const world = releaseSession({ settings: named });
  world.secrets.set("TOKEN").set("KEY");
  const progress = { record: undefined };
  const release = async (version: string) =>
    releaseVersion(
      world.session,
      { version, fromImage: undefined, build: false, buildArgs: {} },
      { ...world.intent },
      progress,
      () => undefined,
    );
  const rollback = async (version: string) =>
    rollbackVersion(world.session, version, { ...world.intent, kind: "rollback" }, progress);
  return { ...world, release, rollback };
}

test("a release records the newest version of each secret, and a rotated one is released with the same image", async () => {
  const { release, record, secrets } = setUp();
  await release("v8");
  expect(record(8)?.container.secrets).toEqual({
    TOKEN: { arn: "arn:secret:TOKEN-1", version: "TOKEN-1", as: "file" },
    KEY: { arn: "arn:secret:KEY-2", version: "KEY-1", as: "env" },
  });
  expect(await release("v8")).toMatchObject({ changed: false });
  secrets.set("TOKEN");
  expect(await release("v8")).toMatchObject({ changed: true, record: { release: 9 } });
  expect(record(9)?.container.secrets["TOKEN"]?.version).toBe("TOKEN-2");
});

test("a cold rollback has the versions of its release, not the newest", async () => {
  const { release, rollback, record, secrets, stack } = setUp();
  await release("v8");
  secrets.set("TOKEN").set("KEY");
  await release("v7");
  stack.runs("blue", 0, 0);
  Object.assign(stack.groups[record(8)?.colour ?? "blue"], { min: 0, desired: 0 });
  stack.settle();
  await rollback("v8");
  expect(record(10)?.container.secrets).toEqual(record(8)?.container.secrets);
});

test("a rollback that has to start instances is refused while a version of its secrets is gone", async () => {
  const { rollback, secrets, stack, record, write } = setUp();
  const { container } = served();
  const gone = { arn: "arn:secret:TOKEN-1", version: "TOKEN-0", as: "file" as const };
  write(
    served({
      release: 6,
      deployment: 6,
      version: "v6",
      digest: "sha256:66",
      container: { ...container, secrets: { TOKEN: gone } },
    }),
  );
  await expect(rollback("v6")).rejects.toMatchObject({
    message: "The secret TOKEN of v6 is gone.",
    where: "arn:secret:TOKEN-1, version TOKEN-0",
  });
  expect(record(8)).toBeUndefined();
  expect(stack.weights).toEqual({ blue: 100, green: 0 });
  // A secret of the same name that was made again is another one.
  secrets.remove("TOKEN").set("TOKEN");
  await expect(rollback("v6")).rejects.toThrow("is gone");
});

test("every secret that does not exist is named, with its place and the command", async () => {
  const secrets = new FakeSecrets().set("KEY");
  const config = { secrets: { TOKEN: "file", KEY: "env", OTHER: "file" } } as const;
  await expect(
    newestSecrets({ config, secrets }, (path) => `infer-deploy.yml at ${path.join(".")}`),
  ).rejects.toMatchObject({
    exitCode: 64,
    message: "2 secrets do not exist: TOKEN, OTHER.",
    where: "infer-deploy.yml at secrets.TOKEN, infer-deploy.yml at secrets.OTHER",
    next: "infer-deploy secrets set TOKEN",
  });
});

test("a stack without secrets never asks Secrets Manager", async () => {
  const { session, secrets, intent } = releaseSession();
  await releaseVersion(
    session,
    { version: "v8", fromImage: undefined, build: false, buildArgs: {} },
    intent,
    { record: undefined },
    () => undefined,
  );
  expect(secrets.asked).toBe(0);
});
