import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { repository } from "../../_helpers/cli.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** examples/llama-cpp: llama-cpp-python's server, asked by OpenAI's client. */
let project: Project;
let client: OpenAI;

beforeAll(async () => {
  project = await createProject("llama-cpp");
  // Compiled once, which takes minutes; `up` finds the layers.
  const folder = join(repository, "examples", "llama-cpp");
  await execa("docker", ["build", ...(await project.buildArgs()), folder]);
}, 1_800_000);

afterAll(async () => {
  await project.remove();
});

test("the model is in the list, and a chat is answered", async () => {
  const config = parse(
    await readFile(join(repository, "examples", "llama-cpp", "infer-deploy.yml"), "utf8"),
  ) as Readonly<Record<string, object>>;
  await project.configure({
    ...config,
    image: { ...config["image"], context: contextFor(project, "examples/llama-cpp") },
    instances: { type: "t3.small", min: 1, max: 2 },
    protection: false,
    release: { bake: "5s" },
  });
  const up = await project.succeed("up", "--yes", "--json", ...(await project.buildArgs()));
  const { url } = JSON.parse(up.stdout) as { readonly url: string };
  client = new OpenAI({ baseURL: `${url}/v1`, apiKey: "none" });
  const { data: models } = await client.models.list();
  expect(models.map(({ id }) => id)).toEqual(["model.gguf"]);
  const { choices, usage } = await client.chat.completions.create(question);
  expect(choices[0]).toMatchObject({ finish_reason: "length", message: { role: "assistant" } });
  expect(usage?.completion_tokens).toBe(question.max_tokens);
});

test("streamed, the same answer comes word by word, also while a release moves the traffic", async () => {
  const { choices } = await client.chat.completions.create(question);
  const words = (choices[0]?.message.content ?? "").trim().split(" ");
  expect(words.length).toBe(question.max_tokens);
  const release = project.succeed("release", "--version", "v2", ...(await project.buildArgs()));
  const over = new AbortController();
  void release.finally(() => over.abort());
  let streams = 0;
  do {
    expect(await stream()).toEqual(words);
    streams += 1;
  } while (!over.signal.aborted);
  await release;
  expect(streams).toBeGreaterThan(5);
});

test("two streams at once are both answered to their ends", async () => {
  const [one, other] = await Promise.all([stream(), stream()]);
  expect(one.length).toBe(question.max_tokens);
  expect(other).toEqual(one);
});

test("destroy leaves nothing behind", async () => {
  const { stdout } = await project.succeed("destroy", "--yes");
  expect(stdout).toContain("no tagged resource left");
});

/** Resolves to the words, one for each part that came. */
async function stream(): Promise<readonly string[]> {
  const parts = await client.chat.completions.create({ ...question, stream: true });
  const texts: string[] = [];
  let end: string | null = null;
  for await (const { choices } of parts) {
    const [choice] = choices;
    if (choice?.delta.content) texts.push(choice.delta.content.trim());
    end = choice?.finish_reason ?? null;
  }
  expect(end).toBe("length");
  return texts;
}

const question = {
  model: "model.gguf",
  messages: [{ role: "user" as const, content: "What is a model server?" }],
  max_tokens: 32,
  temperature: 0,
};
