import { expect, test } from "vitest";
import type { Run } from "../process/programs/run.ts";
import { checkAttester } from "./programs.ts";

const builder =
  (driver: string): Run =>
  async ({ args }) => {
    const stdout = args[1] === "inspect" ? `Driver: ${driver}` : "";
    return { exitCode: 0, stdout, stderr: "" };
  };

const never = new AbortController().signal;

test.each([
  ["docker", "auto", { state: "warning", next: expect.stringContaining("buildx create") }],
  ["docker", "required", { state: "failed", next: expect.stringContaining("buildx create") }],
  ["docker", "off", []],
  ["remote", "required", { state: "ok", detail: "made by the builder" }],
] as const)("a builder of %s, and image.attest: %s", async (driver, attest, finding) => {
  expect(await checkAttester(builder(driver), attest, never)).toMatchObject(finding);
});
