import { stat } from "node:fs/promises";
import { afterEach, expect, test, vi } from "vitest";
import { withTempFolder } from "./temp-folder.ts";

afterEach(() => vi.unstubAllEnvs());

test("the folder is for this user alone, and gone afterwards, also after a failure", async () => {
  let folder = "";
  const work = async (given: string): Promise<never> => {
    folder = given;
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    throw new Error("no");
  };
  await expect(withTempFolder("x-", work)).rejects.toThrow("no");
  await expect(stat(folder)).rejects.toMatchObject({ code: "ENOENT" });
});

test("without a place for temporary files, the variable that moves it is named", async () => {
  vi.stubEnv("TMPDIR", "/nonexistent");
  await expect(withTempFolder("x-", async () => {})).rejects.toMatchObject({
    exitCode: 64,
    message: "infer-deploy cannot write temporary files to /nonexistent.",
    next: expect.stringContaining("TMPDIR"),
  });
});
