import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod/mini";
import { renderJsonSchema } from "./json-schema.ts";
import { parseConfig } from "../parse.ts";
import { formatProblems } from "../checks/problem.ts";
import { configFile } from "./config.ts";
import { keysOf, schemaAt } from "../checks/suggest.ts";

const jsonSchema = renderJsonSchema();
const reference = readFileSync(
  new URL("../../../docs/reference/config.md", import.meta.url),
  "utf8",
);

test("the reference's table says of every key what the schema says", () => {
  const table = [
    "| key | default | allowed | what it is |",
    "|---|---|---|---|",
    ...leaves().map(rowOf),
  ];
  expect(reference).toContain(`\n${table.join("\n")}\n`);
});

/** It rules out the keys that say how to build, and has its own example. */
const elsewhere = new Set(["image.ref"]);

test("the reference's example has every key and is a configuration", () => {
  const example = yamlBlocks().find((text) => text.startsWith("# yaml-language-server")) ?? "";
  const parsed = parseConfig({ text: example, file: "example", overrides: {} });
  expect("problems" in parsed ? formatProblems(parsed.problems) : []).toEqual([]);
  const written: unknown = parse(example);
  expect(
    leaves()
      .filter((path) => at(written, path) === undefined)
      .map((path) => path.join("."))
      .filter((key) => !elsewhere.has(key)),
  ).toEqual([]);
});

test("every block of YAML in the reference is a configuration", () => {
  expect(yamlBlocks().length).toBeGreaterThan(1);
  for (const text of yamlBlocks()) {
    const environment = { value: "production", origin: "--environment" };
    const parsed = parseConfig({ text, file: "block", overrides: { environment } });
    expect("problems" in parsed ? formatProblems(parsed.problems) : []).toEqual([]);
  }
});

function yamlBlocks(): readonly string[] {
  return [...reference.matchAll(/```yaml\n([^]*?)```/g)].map((match) => match[1] ?? "");
}

function leaves(map: readonly string[] = []): readonly (readonly string[])[] {
  const keys = keysOf(schemaAt(configFile, map));
  return keys.length === 0 ? [map] : keys.flatMap((key) => leaves([...map, key]));
}

function rowOf(path: readonly string[]): string {
  const schema = schemaAt(configFile, path);
  // Nothing is a symbol, so this gives the sentence for what is allowed.
  const refusal =
    schema === null ? undefined : z.safeParse(schema, Symbol("none")).error?.issues[0];
  const facts = path.reduce<unknown>((node, key) => at(node, ["properties", key]), jsonSchema);
  const byDefault = at(facts, ["default"]);
  const shown =
    byDefault === undefined
      ? ""
      : `\`${typeof byDefault === "string" ? byDefault : JSON.stringify(byDefault)}\``;
  const description = String(at(facts, ["description"]));
  return `| \`${path.join(".")}\` | ${shown} | ${refusal?.message ?? ""} | ${description} |`;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (below, key) =>
      typeof below === "object" && below !== null
        ? (below as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}
