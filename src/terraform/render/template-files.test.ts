import { expect, test } from "vitest";
import { loadTemplates } from "./template-files.ts";

test("finds the package's templates, by path with forward slashes", async () => {
  const templates = await loadTemplates();
  expect(templates.get("terraform/root/main.tf")).toContain('module "network"');
  expect(templates.has("instance/boot.sh")).toBe(true);
});

test("an installation without templates is named", async () => {
  await expect(loadTemplates("/nowhere")).rejects.toMatchObject({
    name: "CommandError",
    // The two folders are read side by side.
    where: expect.stringMatching(/^\/nowhere\/(terraform|instance)$/) as unknown,
  });
});
