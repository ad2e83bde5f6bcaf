import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashContext } from "./context-hash.ts";

let context: string;

beforeEach(async () => {
  context = await mkdtemp(join(tmpdir(), "context-hash-"));
  await writeFile(join(context, "Dockerfile"), "FROM scratch\n");
  await writeFile(join(context, "app.py"), "print(1)\n");
  await mkdir(join(context, "logs"));
});

afterEach(async () => {
  await rm(context, { recursive: true });
});

const hash = async (
  buildArgs: Record<string, string> = {},
  changes: Partial<Parameters<typeof hashContext>[0]> = {},
): Promise<string> =>
  hashContext(
    {
      context,
      dockerfile: join(context, "Dockerfile"),
      buildArgs,
      target: null,
      secrets: [],
      platform: "linux/amd64",
      ...changes,
    },
    new AbortController().signal,
  );

test("a time stamp changes nothing, a byte, a name, a mode or a build argument does", async () => {
  const first = await hash();
  await utimes(join(context, "app.py"), 1, 1);
  expect(await hash()).toBe(first);

  const seen = new Set([first, await hash({ A: "1" })]);
  await chmod(join(context, "app.py"), 0o755);
  seen.add(await hash());
  await writeFile(join(context, "app.py"), "print(2)\n");
  seen.add(await hash());
  await writeFile(join(context, "more.py"), "");
  seen.add(await hash());
  await symlink("app.py", join(context, "link.py"));
  seen.add(await hash());
  expect(seen.size).toBe(6);
});

test("a stage and a secret's name count, and the secret's value does not", async () => {
  const name = join(context, "token");
  const secrets = [{ id: "token", from: "file" as const, name }];
  await writeFile(name, "one");
  const first = await hash({}, { secrets });
  await writeFile(name, "two");
  expect(await hash({}, { secrets })).toBe(first);
  const other = [{ id: "other", from: "file" as const, name }];
  const fromEnv = await hash({}, { secrets: [{ id: "token", from: "env", name: "TOKEN" }] });
  expect(
    new Set([first, await hash({}, { secrets: other }), fromEnv, await hash({}, { target: "a" })]),
  ).toHaveLength(4);
});

test("what .dockerignore takes out does not count, what it brings back does", async () => {
  await writeFile(join(context, ".dockerignore"), "logs\n!logs/keep\n");
  const first = await hash();
  await writeFile(join(context, "logs", "today"), "x");
  expect(await hash()).toBe(first);
  await writeFile(join(context, "logs", "keep"), "x");
  expect(await hash()).not.toBe(first);
});

test("content moved from one file to the next is other content", async () => {
  await writeFile(join(context, "a"), "12");
  await writeFile(join(context, "b"), "3");
  const first = await hash();
  await writeFile(join(context, "a"), "1");
  await writeFile(join(context, "b"), "23");
  expect(await hash()).not.toBe(first);
});

test("the Dockerfile's own ignore file comes before the context's", async () => {
  await writeFile(join(context, ".dockerignore"), "app.py\n");
  await writeFile(join(context, "Dockerfile.dockerignore"), "logs\n");
  const first = await hash();
  await writeFile(join(context, "logs", "today"), "x");
  expect(await hash()).toBe(first);
  await writeFile(join(context, "app.py"), "print(3)\n");
  expect(await hash()).not.toBe(first);
});

test("a socket does not count, and a pipe by its name: nothing waits for its writer", async () => {
  const first = await hash();
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(join(context, "socket"), resolve);
  });
  expect(await hash()).toBe(first);
  server.close();
  execFileSync("mkfifo", [join(context, "pipe")]);
  expect(await hash()).not.toBe(first);
});

test("a signal ends it", async () => {
  const dockerfile = join(context, "Dockerfile");
  const inputs = { context, dockerfile, buildArgs: {}, target: null, secrets: [], platform: "" };
  await expect(hashContext(inputs, AbortSignal.abort(new Error("stop")))).rejects.toThrow();
});
