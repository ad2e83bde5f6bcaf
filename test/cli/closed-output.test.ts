import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { cliPath } from "../_helpers/cli.ts";
import { startFakeAws, type FakeAws } from "../_helpers/fake-aws.ts";

/** A reader that goes away, on real pipes: the verb ends as it would have, and says nothing of it. */
let folder: string;
let aws: FakeAws;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pipes-"));
  await writeFile(join(folder, "infer-deploy.yml"), "name: app\nregion: eu-west-1\n");
  aws = await startFakeAws(30);
});

afterAll(async () => {
  aws.close();
  await rm(folder, { recursive: true });
});

test.each([
  ["--help", 0],
  ["--version", 0],
  ["up --help", 0],
  ["help release", 0],
  ["releases", 0],
  ["releases --json", 0],
  ["lock status", 0],
  ["status", 1],
  ["status --json", 1],
  ["plan", 64],
])(
  "%s | head -1 ends with %i, and with nothing on standard error but its own words",
  async (words, code) => {
    const { stderr, codes } = await pipeline(`infer-deploy ${words} | head -1`);
    expect(codes).toEqual([code, 0]);
    expectQuiet(stderr);
    // Gone before the first byte.
    const gone = await pipeline(`{ sleep 0.2; infer-deploy ${words}; } | true`);
    expect(gone.codes).toEqual([code, 0]);
    expect(gone.stderr).toBe(stderr);
  },
);

test.each([
  ["--version", 0],
  ["releases --json", 0],
  ["status --json", 1],
  ["up --nonsense", 64],
  ["plan", 64],
])("%s without a reader of standard error ends with %i", async (words, code) => {
  const open = await pipeline(`infer-deploy ${words} 2>/dev/null | cat`);
  expect(open.codes).toEqual([code, 0]);
  expect(await pipeline(`infer-deploy ${words} 2>&- | cat`)).toEqual(open);
  const gone = await pipeline(`{ sleep 0.2; infer-deploy ${words}; } 2>&1 >/dev/null | true`);
  expect(gone).toEqual({ codes: [code, 0], stdout: "", stderr: "" });
});

test("status --watch ends when its reader is gone", async () => {
  const { codes, stdout, stderr } = await pipeline("infer-deploy status --watch --json | head -1");
  expect(codes).toEqual([1, 0]);
  expect(JSON.parse(stdout)).toMatchObject({ name: "app" });
  expect(stderr).toBe("");
});

function expectQuiet(stderr: string): void {
  expect(stderr).not.toMatch(/EPIPE|[Uu]nhandled|^ {4}at /m);
}

interface Ended {
  /** Of each part of the pipe. */
  readonly codes: readonly number[];
  readonly stdout: string;
  readonly stderr: string;
}

async function pipeline(script: string): Promise<Ended> {
  const command = `infer-deploy() { "${process.execPath}" "${cliPath}" "$@"; }; ${script}; echo "\${PIPESTATUS[@]}" >&3`;
  const child = spawn("bash", ["-c", command], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: folder, NO_COLOR: "1", ...aws.env },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const read = ["", "", ""];
  for (const [index, stream] of [child.stdout, child.stderr, child.stdio[3]].entries()) {
    stream?.on("data", (data: Buffer) => {
      read[index] += String(data);
    });
  }
  await new Promise((resolve) => {
    child.on("close", resolve);
  });
  const [stdout = "", stderr = "", codes = ""] = read;
  return { codes: codes.trim().split(" ").map(Number), stdout, stderr };
}

test.each([
  ["--version", 1],
  ["completion bash", 1],
  ["releases --json", 1],
  ["plan", 64],
])("%s onto a full disk ends with %i and one error, without a stack trace", async (words, code) => {
  const { stderr, codes } = await pipeline(`infer-deploy ${words} >/dev/full | true`);
  expect(codes[0]).toBe(code);
  expect(stderr.match(/✖ /g)).toHaveLength(1);
  expect(stderr).not.toMatch(/\n\s+at /);
  if (code === 1) expect(stderr).toContain("no space left on device");
  const silent = await pipeline(`infer-deploy ${words} 2>/dev/full >/dev/null | true`);
  expect(silent.codes[0]).toBe(code === 1 ? 0 : code);
});
