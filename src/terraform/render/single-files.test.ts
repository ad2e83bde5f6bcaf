import { beforeAll, expect, test } from "vitest";
import { renderSingleFiles, singleFiles, type Files } from "./render-stack.ts";
import { loadTemplates } from "./template-files.ts";

let files: Files;
beforeAll(async () => {
  files = renderSingleFiles(await loadTemplates());
});

test.each([
  ["infer-deploy-door", "main_door"],
  ["infer-deploy-slot", "main_slot"],
])("%s is one program, which starts only %s", (name, main) => {
  const text = files.get(name) ?? "";
  expect(text).toMatch(/^#!\/usr\/bin\/env python3\n/);
  expect([...text.matchAll(/^if __name__ == .*\n.*$/gm)].map(([start]) => start)).toEqual([
    `if __name__ == "__main__":\n sys.exit(${main}())`,
  ]);
});

test("each unit starts a program that the machine has, and the slots' units differ in their name only", () => {
  const paths = new Map(singleFiles.map(([source, path]) => [path as string, files.get(source)]));
  const started = [...paths].flatMap(([path, text]) =>
    path.endsWith(".service") ? [...(text ?? "").matchAll(/^ExecStart=(\/opt\/\S+)/gm)] : [],
  );
  expect(started.length).toBe(5);
  for (const [, program] of started) expect(paths.has(program ?? "")).toBe(true);
  const unit = (colour: string) =>
    paths.get(`/etc/systemd/system/infer-deploy-agent-${colour}.service`);
  expect(unit("blue")).toBe(unit("green"));
  expect(unit("blue")).toContain("SLOT=-%j");
});

test("the bundle of one machine has the files that its tests boot with, at the same places", async () => {
  const text = (await loadTemplates()).get("terraform/modules/machine/user-data.tf") ?? "";
  const listed = [...text.matchAll(/\{ source = "(.+?)", path = "(.+?)" \}/g)].map(
    ([, source = "", path = ""]) => [source, path.replace("${local.units}", "/etc/systemd/system")],
  );
  expect(listed).toEqual(singleFiles);
});
