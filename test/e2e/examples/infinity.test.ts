import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { baseOf, engines } from "../../../sandbox/src/lifecycle/engines.ts";
import { baseImages } from "../../_helpers/attester.ts";
import { repository } from "../../_helpers/cli.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** examples/infinity, asked by OpenAI's client. */
let project: Project;
let client: OpenAI;
let buildArgs: readonly string[];
const folder = join(repository, "examples", "infinity");

beforeAll(async () => {
  project = await createProject("infinity");
  buildArgs = ["--build-arg", `DEBIAN_IMAGE=${await debian13()}`];
  // Half a gigabyte of packages, once; `up` finds the layers.
  await execa("docker", ["build", ...buildArgs, folder]);
}, 1_800_000);

afterAll(async () => {
  await project.remove();
});

test("texts have vectors, each the same alone and among others", async () => {
  const config = parse(await readFile(join(folder, "infer-deploy.yml"), "utf8")) as Readonly<
    Record<string, object>
  >;
  await project.configure({
    ...config,
    image: { ...config["image"], context: contextFor(project, "examples/infinity") },
    instances: { type: "t3.small", min: 1, max: 2 },
    protection: false,
    release: { bake: "5s" },
  });
  const up = await project.succeed("up", "--yes", "--json", ...buildArgs);
  const { url } = JSON.parse(up.stdout) as { readonly url: string };
  client = new OpenAI({ baseURL: url, apiKey: "none" });
  const { data: models } = await client.models.list();
  expect(models.map(({ id }) => id)).toEqual(["tiny"]);
  const texts = ["a text", "another one", "a third text, which is longer"];
  const together = await embed(texts);
  // At once, so that the server batches them.
  const alone = await Promise.all(texts.map(async (text) => embed([text])));
  for (const [at, vector] of together.entries()) {
    expect(vector.length).toBe(64);
    expect(cosine(vector, vector)).toBeCloseTo(1, 4);
    expect(cosine(vector, alone[at]?.[0] ?? [])).toBeCloseTo(1, 4);
  }
  expect(cosine(together[0] ?? [], together[1] ?? [])).toBeLessThan(0.99);
});

test("the answers stay the same while a release moves the traffic", async () => {
  const [before = []] = await embed(["a text"]);
  const release = project.succeed("release", "--version", "v2", ...buildArgs);
  const over = new AbortController();
  void release.finally(() => over.abort());
  let answers = 0;
  do {
    const [vector = []] = await embed(["a text"]);
    expect(cosine(vector, before)).toBeCloseTo(1, 4);
    answers += 1;
  } while (!over.signal.aborted);
  await release;
  expect(answers).toBeGreaterThan(20);
});

test("destroy leaves nothing behind", async () => {
  const { stdout } = await project.succeed("destroy", "--yes");
  expect(stdout).toContain("no tagged resource left");
});

async function embed(texts: string[]): Promise<readonly (readonly number[])[]> {
  const { data } = await client.embeddings.create({ model: "tiny", input: texts });
  return data.map(({ embedding }) => embedding);
}

/** Of vectors whose length is 1. */
function cosine(one: readonly number[], other: readonly number[]): number {
  return one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
}

/** The image, which is made where no registry has it. */
async function debian13(): Promise<string> {
  const image = baseOf("26", process.env, (await baseImages())["debian"]);
  const { made, suite } = engines["26"];
  const found = await execa("docker", ["image", "inspect", image], { reject: false });
  if (image === made && found.exitCode !== 0)
    await execa(join(repository, "sandbox", "base", "make-debian"), [image, suite]);
  return image;
}
