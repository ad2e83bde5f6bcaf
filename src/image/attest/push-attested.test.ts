import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { engineImage, FakeRegistry, imageId } from "../../../test/_helpers/fake-registry.ts";
import type { Attest } from "../../config/schema/image.ts";
import type { Run } from "../../process/programs/run.ts";
import type { ReportEvent } from "../../report/reporter.ts";
import { pushImage } from "../push.ts";

const built = imageId("sources of v8");

/** A registry, and a builder that pushes to it by the digest. `pushes`: what it builds then; null: it fails. */
function setUp(pushes: string | null) {
  const registry = new FakeRegistry();
  const environments: (string | undefined)[] = [];
  registry.engine.set("infer-deploy-build/app:latest", built);
  const run: Run = async (command) => {
    const { args, env, onLine } = command;
    if (args[1] === "inspect") return { exitCode: 0, stdout: "Driver: remote", stderr: "" };
    if (args[1] !== "build") return registry.run(command);
    environments.push(env?.["DOCKER_CONFIG"]);
    if (pushes === null) {
      onLine?.("ERROR: the generator cannot be pulled", "stderr");
      return { exitCode: 1, stdout: "", stderr: "" };
    }
    const digest = registry.hasIndex(pushes);
    const file = args[args.indexOf("--metadata-file") + 1] ?? "";
    await writeFile(file, JSON.stringify({ "containerimage.digest": digest }));
    return { exitCode: 0, stdout: "", stderr: "" };
  };
  const events: ReportEvent[] = [];
  const push = async (attest: Attest) =>
    pushImage(
      run,
      await registry.ecr(),
      { notify: (event) => void events.push(event) },
      { image: engineImage(built), repository: "app", version: "v8", attest, dockerFolder: "/no" },
      new AbortController().signal,
    );
  return { registry, events, environments, push };
}

test("the version is the index of the image, and the same image is not pushed again", async () => {
  const { registry, events, environments, push } = setUp("sources of v8");
  const digest = await push("auto");
  expect(registry.tags.get("v8")).toBe(digest);
  expect(registry.indexes.has(digest)).toBe(true);
  expect(environments).toEqual([expect.stringContaining("infer-deploy-push-")]);
  expect(await push("auto")).toBe(digest);
  expect(environments).toHaveLength(1);
  expect(events.filter(({ type }) => type === "warning")).toEqual([]);
});

test.each([
  ["cannot make an SBOM", null, "did not make the image's SBOM and provenance"],
  ["builds another image", "sources that changed", "changed between its build and its push"],
])("a builder that %s: no version is taken by it", async (_, pushes, message) => {
  const required = setUp(pushes);
  await expect(required.push("required")).rejects.toThrow(message);
  expect([...required.registry.tags]).toEqual([]);

  const { registry, events, push } = setUp(pushes);
  const digest = await push("auto");
  expect(registry.images.get(digest)).toBe(built);
  expect(registry.tags.get("v8")).toBe(digest);
  expect(events).toContainEqual({
    type: "warning",
    text: expect.stringMatching(
      new RegExp(`${message}.*It is pushed without its SBOM and provenance: `),
    ),
  });
});

test("image.attest: off asks for no builder", async () => {
  const { registry, environments, push } = setUp(null);
  await push("off");
  expect(environments).toEqual([]);
  expect(registry.verbs).not.toContain("buildx version");
});
