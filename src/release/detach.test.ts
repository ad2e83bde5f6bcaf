import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { detachRelease } from "./detach.ts";

const folder = mkdtempSync(join(tmpdir(), "detach-"));
const program = join(folder, "program.mjs");

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test("the process in the background is not told to leave it to one more, by flag or by variable", async () => {
  writeFileSync(
    program,
    "console.log(JSON.stringify([process.argv.slice(2), process.env.INFER_DEPLOY_DETACH ?? null, process.env.INFER_DEPLOY_BAKE]));",
  );
  vi.stubGlobal("process", {
    execPath: process.execPath,
    execArgv: [],
    argv: [process.execPath, program],
  });
  const notes: string[] = [];
  const deps = {
    args: ["release", "--detach", "--version", "v2"],
    env: { INFER_DEPLOY_DETACH: "1", INFER_DEPLOY_BAKE: "2m" },
    cwd: folder,
    clock: { now: () => new Date(0) },
    interrupts: { aborted: new AbortController().signal },
    reporter: {
      notify: (event: { readonly type: string; readonly text?: string }) => {
        if (event.type === "note") notes.push(event.text ?? "");
      },
    },
    stateFolder: folder,
  } as unknown as Parameters<typeof detachRelease>[0];
  const stack = { name: "app", environment: "production" };
  await detachRelease(deps, stack).finally(() => vi.unstubAllGlobals());
  expect(notes.map((note) => JSON.parse(note) as unknown)).toEqual([
    [["release", "--version", "v2"], null, "2m"],
  ]);
});
