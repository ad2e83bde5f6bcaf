import { expect, test } from "vitest";
import { renderJsonSchema } from "./json-schema.ts";

test("the schema in the package is the one the tool checks by; `npm run schema` writes it", async () => {
  const text = `${JSON.stringify(renderJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot("../../../schema/infer-deploy.schema.json");
});

test("every key has a description, and every pattern is one that editors can read", () => {
  const patterns: string[] = [];
  const silent: string[] = [];
  walk(renderJsonSchema(), "", (node, path) => {
    if (typeof node["pattern"] === "string") patterns.push(node["pattern"]);
    const isKey = /\/properties\/[^/]+$/.test(path);
    if (isKey && typeof node["description"] !== "string") silent.push(path);
  });
  expect(silent).toEqual([]);
  expect(patterns.length).toBeGreaterThan(10);
  // Language servers compile them with the flag u, which refuses needless escapes.
  expect(() => patterns.map((pattern) => new RegExp(pattern, "u"))).not.toThrow();
});

type Node = Readonly<Record<string, unknown>>;

function walk(value: unknown, path: string, visit: (node: Node, path: string) => void): void {
  if (typeof value !== "object" || value === null) return;
  visit(value as Node, path);
  for (const [key, below] of Object.entries(value)) walk(below, `${path}/${key}`, visit);
}
