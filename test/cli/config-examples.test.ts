import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { loadConfig } from "../../src/config/load.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { repository } from "../_helpers/cli.ts";

const examples = readdirSync(join(repository, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test("there are examples", () => {
  expect(examples).not.toEqual([]);
});

test.each(examples)("examples/%s is a configuration in all its environments", async (name) => {
  const cwd = join(repository, "examples", name);
  const text = readFileSync(join(cwd, "infer-deploy.yml"), "utf8");
  expect(text).toMatch(/^# yaml-language-server: \$schema=\S*infer-deploy\.schema\.json$/m);
  const { environments } = parse(text) as { environments?: Record<string, unknown> };
  for (const environment of Object.keys(environments ?? { production: {} })) {
    const loaded = await loadConfig({
      asked: { environment: { value: environment, origin: "--environment" } },
      cwd,
      needsImage: true,
    });
    expect(loaded.config.environment).toBe(environment);
  }
});

test("the configurations of the README are valid", () => {
  const page = readFileSync(join(repository, "README.md"), "utf8");
  const blocks = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = ""]) => text);
  const files = blocks.filter((text) => /^name: /m.test(text));
  expect(files).toHaveLength(3);
  for (const text of files) {
    expect(parseConfig({ text, file: "infer-deploy.yml", overrides: {} })).toHaveProperty("config");
  }
});
