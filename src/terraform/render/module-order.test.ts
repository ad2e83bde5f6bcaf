import { expect, test } from "vitest";
import { loadTemplates } from "./template-files.ts";

/**
 * Terraform takes modules that need each other. checkov looks at a module as a whole: it follows no value into such a circle, nor into what
 * needs it, and says nothing about it. So its rules would pass unseen.
 */
test("no two modules need each other, so that checkov follows every value", async () => {
  const root = [...(await loadTemplates())]
    .filter(([path]) => path.startsWith("terraform/root/") && path.endsWith(".tf"))
    .map(([, text]) => text)
    .join("\n");
  const needs = new Map(
    blocksIn(root).map(([name, body]) => [name, new Set(body.match(/\b(?:module|local)\.\w+/g))]),
  );
  expect(needs.size).toBeGreaterThan(10);
  const done = new Set<string>();
  while (done.size < needs.size) {
    const next = [...needs].filter(
      ([name, wanted]) => !done.has(name) && [...wanted].every((one) => done.has(one)),
    );
    const rest = [...needs.keys()].filter((name) => !done.has(name));
    expect(next, `each of these needs another one: ${rest.join(", ")}`).not.toEqual([]);
    for (const [name] of next) done.add(name);
  }
});

/** The modules and the local values, by the name that refers to them. A local value that has two forms counts as both. */
function blocksIn(text: string): readonly (readonly [name: string, body: string])[] {
  const modules = [...text.matchAll(/^module "(\w+)" \{\n(.*?)^\}/gms)];
  const locals = [...text.matchAll(/^locals \{\n(.*?)^\}/gms)].flatMap(([, body = ""]) => [
    ...body.matchAll(/^ {2}(\w+) += (.*\n(?: {3,}.*\n| {2}\}.*\n)*)/gm),
  ]);
  const found = new Map<string, string>();
  const named = [
    ...modules.map(([, name = "", body = ""]) => [`module.${name}`, body] as const),
    ...locals.map(([, name = "", body = ""]) => [`local.${name}`, body] as const),
  ];
  for (const [name, body] of named) found.set(name, `${found.get(name) ?? ""}${body}`);
  return [...found];
}
