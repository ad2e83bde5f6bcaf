import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listener } from "../../../test/_helpers/listener.ts";
import { engineImage } from "../../../test/_helpers/fake-registry.ts";
import { requireVariables, warnOfInputs } from "./inputs.ts";

let context = "";
beforeAll(async () => {
  context = await mkdtemp(join(tmpdir(), "infer-deploy-inputs-"));
});
afterAll(async () => rm(context, { recursive: true, force: true }));

async function warnings(builder: "buildx" | "classic") {
  const reporter = listener(false);
  const source = {
    ...engineImage("").source,
    context,
    dockerfile: join(context, "Dockerfile"),
    secrets: [{ id: "pip", from: "file" as const, name: join(context, "pip.conf") }],
  };
  await warnOfInputs(reporter, source, builder);
  return reporter.events.map((event) => JSON.stringify(event));
}

test("a secret's file in the context is warned of until it is ignored", async () => {
  expect(await warnings("buildx")).toEqual([expect.stringContaining("the secret pip is in")]);
  await writeFile(join(context, ".dockerignore"), "pip.conf\n");
  expect(await warnings("buildx")).toEqual([]);
});

test("the classic builder does not read a Dockerfile's own ignore file", async () => {
  await writeFile(join(context, "Dockerfile.dockerignore"), "pip.conf\n");
  expect(await warnings("buildx")).toEqual([]);
  expect(await warnings("classic")).toEqual([expect.stringContaining("Dockerfile.dockerignore")]);
});

test("a variable that is not set, or is empty, is refused with the secret's line and not with a value", () => {
  const secrets = [
    { id: "pip", from: "file" as const, name: "pip.conf" },
    { id: "token", from: "env" as const, name: "HF_TOKEN" },
  ];
  const check = (env: Record<string, string>) => () =>
    requireVariables(env, secrets, (id) => `infer-deploy.yml:7:5 ${id}`);
  expect(check({ HF_TOKEN: "x" })).not.toThrow();
  for (const env of [{}, { HF_TOKEN: "" }]) {
    expect(check(env)).toThrow(
      expect.objectContaining({
        exitCode: 64,
        where: "infer-deploy.yml:7:5 token",
        next: expect.stringMatching(/^export HF_TOKEN/),
      }),
    );
  }
});
