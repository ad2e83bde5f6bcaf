import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openLog } from "./controller-log.ts";

test("lines are JSON, and at most two files of the limit are kept", async () => {
  const folder = await mkdtemp(join(tmpdir(), "log-"));
  try {
    const log = openLog(folder, 1000);
    for (let index = 0; index < 100; index += 1) log.info("cycle", { index });
    log.error("part", new Error("broken"));
    const [current, before] = await Promise.all(
      ["controller.log", "controller.log.1"].map((name) => readFile(join(folder, name), "utf8")),
    );
    expect(current?.length).toBeLessThanOrEqual(1000);
    expect(before?.length).toBeLessThanOrEqual(1000);
    const last: unknown = JSON.parse(current?.trim().split("\n").at(-1) ?? "");
    expect(last).toMatchObject({ level: "error", message: "part", error: "broken" });
  } finally {
    await rm(folder, { recursive: true });
  }
});
