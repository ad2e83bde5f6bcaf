import { beforeAll, expect, test } from "vitest";
import type { Topology } from "../../config/schema/config.ts";
import type { Files } from "./files.ts";
import { bundledFiles, renderInstanceFiles } from "./instance-files.ts";
import { loadTemplates } from "./template-files.ts";

let templates: Files;
beforeAll(async () => {
  templates = await loadTemplates();
});

test.each([
  ["fleet", "bootstrap.py", "main_bootstrap"],
  ["fleet", "infer-deploy-agent", "main"],
  ["single", "bootstrap.py", "main_bootstrap"],
  ["single", "infer-deploy-door", "main_door"],
  ["single", "infer-deploy-slot", "main_slot"],
] as const)("%s: %s is one program, which starts only %s", (topology, name, main) => {
  const text = renderInstanceFiles(topology, templates).get(name) ?? "";
  expect(text).toMatch(/^#!\/usr\/bin\/env python3\n/);
  expect([...text.matchAll(/^if __name__ == .*\n.*$/gm)].map(([start]) => start)).toEqual([
    `if __name__ == "__main__":\n sys.exit(${main}())`,
  ]);
});

test.each([
  ["fleet", 3],
  ["single", 7],
] as const)("%s: each unit starts a program that the instance has", (topology, count) => {
  const paths = contents(topology);
  const started = [...paths].flatMap(([path, text]) =>
    path.endsWith(".service") ? [...text.matchAll(/^ExecStart=(\/opt\/\S+)/gm)] : [],
  );
  expect(started.length).toBe(count);
  for (const [, program] of started) expect(paths.has(program ?? "")).toBe(true);
});

test("the slots' units differ in their name only", () => {
  const paths = contents("single");
  const unit = (colour: string) =>
    paths.get(`/etc/systemd/system/infer-deploy-agent-${colour}.service`);
  expect(unit("blue")).toBe(unit("green"));
  expect(unit("blue")).toContain("SLOT=-%j");
});

test.each([
  ["fleet", "fleet"],
  ["single", "machine"],
] as const)("the bundle of %s has the rendered files, at their places", (topology, module) => {
  const text = templates.get(`terraform/modules/${module}/user-data.tf`) ?? "";
  const listed = [...text.matchAll(/\{ source = "(.+?)", path = "(.+?)" \}/g)].map(
    ([, source = "", path = ""]) => [source, path.replace("${local.units}", "/etc/systemd/system")],
  );
  expect(listed).toEqual(bundledFiles[topology]);
});

/** By their paths on the instance. */
function contents(topology: Topology): ReadonlyMap<string, string> {
  const files = renderInstanceFiles(topology, templates);
  return new Map(bundledFiles[topology].map(([source, path]) => [path, files.get(source) ?? ""]));
}
