import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fakeClock } from "../../test/_helpers/fake-clock.ts";
import { listener } from "../../test/_helpers/listener.ts";
import type { CommandError } from "../errors/command-error.ts";
import { createRun } from "../process/programs/execa-run.ts";
import { InterruptedError } from "../errors/interrupted-error.ts";
import { hookFile, type HookFacts, type HookName } from "./hook.ts";
import { createHooks, type HookDeps } from "./run-hook.ts";

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "hooks-")));
});
afterEach(async () => rm(root, { recursive: true }));

const preHooks: readonly HookName[] = ["pre-build", "pre-release"];
const otherHooks: readonly HookName[] = ["post-shift", "post-release", "on-failure", "on-rollback"];

async function write(name: HookName, text: string, mode = 0o755): Promise<string> {
  const file = hookFile(root, name);
  await mkdir(join(file, ".."), { recursive: true });
  await writeFile(file, text);
  await chmod(file, mode);
  return file;
}

async function runHook(
  name: HookName,
  facts: HookFacts = {},
  changes: Partial<HookDeps> & { readonly skip?: boolean } = {},
) {
  const reporter = changes.reporter ?? listener();
  const deps: HookDeps = {
    run: createRun(),
    clock: fakeClock(),
    root,
    env: {},
    signal: new AbortController().signal,
    ...changes,
    reporter,
  };
  const error = await createHooks(deps, { skip: changes.skip === true })
    .run(name, facts)
    .then(
      () => undefined,
      (thrown: unknown) => thrown as CommandError,
    );
  const { events, warnings } = reporter as ReturnType<typeof listener>;
  const notes = events.flatMap((event) => (event.type === "note" ? [event.text] : []));
  return { error, events, notes, warnings: warnings() };
}

test.each([...preHooks, ...otherHooks])("where there is no %s, nothing happens", async (name) => {
  expect(await runHook(name)).toEqual({ error: undefined, events: [], notes: [], warnings: [] });
});

test("a hook runs in the config's folder with the facts, and its output is reported line by line", async () => {
  await write(
    "post-release",
    '#!/bin/sh\npwd\necho "$INFER_DEPLOY_VERSION <$INFER_DEPLOY_REASON>" >&2\n',
  );
  const { error, notes, events } = await runHook("post-release", { version: "v2" });
  expect(error).toBeUndefined();
  expect(notes).toEqual(expect.arrayContaining([`post-release: ${root}`, "post-release: v2 <>"]));
  expect(events[0]).toMatchObject({ type: "step-started", title: "Run the hook post-release" });
  expect(events.at(-1)).toMatchObject({ type: "step-finished", outcome: "done" });
});

test("no value is read by a shell on its way to the hook", async () => {
  await write("pre-build", '#!/bin/sh\nprintf "%s\\n" "$INFER_DEPLOY_MESSAGE"\n');
  const message = "$(id) `id` \"' ; rm -rf * \\ ü";
  expect((await runHook("pre-build", { message })).notes).toEqual([`pre-build: ${message}`]);
});

test("values that the system would refuse are shortened, not a reason to fail", async () => {
  await write("on-failure", "#!/bin/sh\necho ${#INFER_DEPLOY_REASON}\n");
  const { notes, warnings } = await runHook("on-failure", { reason: "\0x".repeat(200_000) });
  expect(warnings).toEqual([]);
  expect(notes).toEqual(["on-failure: 16384"]);
});

test("a hook works where the verb works", async () => {
  await write("pre-release", '#!/bin/sh\necho "$AWS_ENDPOINT_URL ${HOME-none}"\n');
  const env = { AWS_ENDPOINT_URL: "http://127.0.0.1:1", HOME: undefined };
  expect((await runHook("pre-release", {}, { env })).notes).toEqual([
    "pre-release: http://127.0.0.1:1 none",
  ]);
});

test.each(preHooks)("a %s that fails stops the verb with its last lines", async (name) => {
  const file = await write(name, "#!/bin/sh\nseq 1 30\necho not today\nexit 3\n");
  const { error, events, warnings } = await runHook(name);
  expect(error).toMatchObject({
    message: `The hook ${name} said no (exit code 3).`,
    exitCode: 1,
    where: file,
  });
  expect(error?.detail).toHaveLength(10);
  expect(error?.detail.at(-1)).toBe("not today");
  expect(warnings).toEqual([]);
  expect(events.at(-1)).toMatchObject({ type: "step-finished", outcome: "failed" });
});

test.each(otherHooks)("a %s that fails is a warning", async (name) => {
  await write(name, "#!/bin/sh\necho the chat is away\nexit 3\n");
  const { error, warnings } = await runHook(name);
  expect(error).toBeUndefined();
  expect(warnings).toEqual([`the hook ${name} failed (exit code 3): the chat is away`]);
});

const broken: readonly [string, () => Promise<unknown>, RegExp, RegExp][] = [
  [
    "is not executable",
    async () => write("pre-release", "#!/bin/sh\n", 0o644),
    /^The hook pre-release is not executable\.$/,
    /^chmod \+x .*\/\.infer-deploy\/hooks\/pre-release$/,
  ],
  [
    "is a broken link",
    async () => {
      const file = await write("pre-release", "");
      await rm(file);
      await symlink("../gone", file);
    },
    /is a link to "\.\.\/gone", which does not exist/,
    /fix the link/,
  ],
  [
    "is a folder",
    async () => mkdir(hookFile(root, "pre-release"), { recursive: true }),
    /is not a file/,
    /--skip-hooks/,
  ],
  [
    "names an interpreter that is not there",
    async () => write("pre-release", "#! /no/such/python -u\nprint()\n"),
    /cannot be started/,
    /first line names "\/no\/such\/python"/,
  ],
  [
    "was saved on Windows",
    async () => write("pre-release", "#!/bin/sh\r\necho hello\r\n"),
    /cannot be started/,
    /Windows.*Unix line ends/,
  ],
];

test.each(broken)("a hook that %s is explained", async (_, make, message, help) => {
  await make();
  const { error } = await runHook("pre-release");
  expect(error?.message).toMatch(message);
  expect(error?.exitCode).toBe(1);
  expect([error?.why, error?.next].filter(Boolean).join("; ")).toMatch(help);
});

test("the same is a warning where nothing can be stopped any more", async () => {
  const file = await write("post-release", "#!/bin/sh\n", 0o644);
  const { error, warnings } = await runHook("post-release");
  expect(error).toBeUndefined();
  expect(warnings).toEqual([`the hook post-release is not executable: chmod +x ${file}`]);
});

test("--skip-hooks runs none", async () => {
  await write("pre-release", "#!/bin/sh\nexit 1\n");
  expect((await runHook("pre-release", {}, { skip: true })).events).toEqual([]);
});

const stop = new InterruptedError("SIGINT", "Stopped by Ctrl-C");

test("Ctrl-C ends a running pre-hook and the program that it waits for, and is the reason", async () => {
  await write("pre-release", "#!/bin/sh\necho ready\nsleep 300\n");
  const controller = new AbortController();
  const reporter = listener();
  const notify: typeof reporter.notify = (event) => {
    reporter.notify(event);
    if (event.type === "note") controller.abort(stop);
  };
  const { error } = await runHook(
    "pre-release",
    {},
    { signal: controller.signal, reporter: { ...reporter, notify } },
  );
  expect(error).toBe(stop);
});

test("after Ctrl-C no pre-hook is started", async () => {
  await write("pre-release", "#!/bin/sh\necho ran\n");
  const { error, notes } = await runHook("pre-release", {}, { signal: AbortSignal.abort(stop) });
  expect(error).toBe(stop);
  expect(notes).toEqual([]);
});

test("after Ctrl-C an on-rollback still runs, but not forever", async () => {
  await write("on-rollback", "#!/bin/sh\nsleep 0.3\necho rolled back\n");
  const signal = AbortSignal.abort(stop);
  const never = { ...fakeClock(), sleep: async () => new Promise<void>(() => {}) };
  const quick = await runHook("on-rollback", {}, { signal, clock: never });
  expect(quick).toMatchObject({
    error: undefined,
    notes: ["on-rollback: rolled back"],
    warnings: [],
  });

  await write("on-rollback", "#!/bin/sh\nsleep 300\n");
  const slow = await runHook("on-rollback", {}, { signal });
  expect(slow.error).toBeUndefined();
  expect(slow.warnings).toEqual(["the hook on-rollback failed (exit code 143)"]);
});
