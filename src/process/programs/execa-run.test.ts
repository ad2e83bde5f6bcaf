import { expect, test } from "vitest";
import { CommandError } from "../../errors/command-error.ts";
import { createRun } from "./execa-run.ts";

const run = createRun();

test("returns the exit code and both outputs, unchanged", async () => {
  const result = await run({
    file: "sh",
    args: ["-c", "echo out; echo err >&2; exit 7"],
    writes: false,
  });
  expect(result).toEqual({ exitCode: 7, stdout: "out\n", stderr: "err\n" });
});

test("an argument is never read by a shell", async () => {
  const result = await run({ file: "printf", args: ["%s", "$(id) ; `id` *"], writes: false });
  expect(result.stdout).toBe("$(id) ; `id` *");
});

test("streams lines while the program runs", async () => {
  const lines: string[] = [];
  let finished = false;
  const sawFirst = new Promise<boolean>((resolve) => {
    void run({
      file: "sh",
      args: ["-c", "echo first; read held; echo last >&2"],
      input: "go\n",
      writes: false,
      onLine: (line, stream) => {
        lines.push(`${stream} ${line}`);
        if (line === "first") resolve(!finished);
      },
    }).then(() => (finished = true));
  });
  expect(await sawFirst).toBe(true);
  await expect.poll(() => lines).toEqual(["stdout first", "stderr last"]);
});

test("sends input and closes it; without input the program reads nothing", async () => {
  expect((await run({ file: "cat", args: [], input: "héllo", writes: false })).stdout).toBe(
    "héllo",
  );
  expect((await run({ file: "cat", args: [], writes: false })).stdout).toBe("");
});

test("env adds to the parent's environment and undefined removes", async () => {
  const result = await run({
    file: "sh",
    args: ["-c", 'echo "${ADDED-unset} ${HOME-unset} ${PATH:+set}"'],
    env: { ADDED: "yes", HOME: undefined },
    writes: false,
  });
  expect(result.stdout).toBe("yes unset set\n");
});

test("a program ended by a signal has 128 + the signal's number", async () => {
  expect((await run({ file: "sh", args: ["-c", "kill -KILL $$"], writes: false })).exitCode).toBe(
    137,
  );
});

test("the abort signal ends the program with SIGTERM", async () => {
  const controller = new AbortController();
  const result = await run({
    file: "sh",
    args: ["-c", "trap 'echo told; exit 9' TERM; echo ready; while :; do sleep 0.05; done"],
    writes: false,
    signal: controller.signal,
    onLine: (line) => {
      if (line === "ready") controller.abort();
    },
  });
  expect(result).toMatchObject({ exitCode: 9, stdout: "ready\ntold\n" });
});

test("an aborted program that does not catch the signal has 143", async () => {
  const controller = new AbortController();
  const running = run({ file: "sleep", args: ["60"], writes: false, signal: controller.signal });
  controller.abort();
  expect((await running).exitCode).toBe(143);
});

test.each(["while it runs", "before it starts"])(
  "in its own group, the abort signal %s ends the programs that the program started too",
  async (moment) => {
    const controller = new AbortController();
    if (moment === "before it starts") controller.abort();
    // The shell does not pass a signal on, and what it started keeps the outputs open.
    const result = await run({
      file: "sh",
      args: ["-c", "echo ready; sleep 300; echo continued"],
      writes: false,
      signal: controller.signal,
      ownGroup: true,
      onLine: () => controller.abort(),
    });
    expect(result.exitCode).toBe(143);
    expect(result.stdout).not.toContain("continued");
  },
);

test("a missing program is named, with how to install it", async () => {
  const error = await run({
    file: "docker",
    args: ["version"],
    env: { PATH: "/nonexistent" },
    writes: false,
  }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CommandError);
  expect(error).toMatchObject({
    message: "docker is not installed, or not on the PATH",
    exitCode: 64,
  });
  expect((error as CommandError).next).toMatch(/apt-get install docker\.io/);
});

test("a missing working folder is not blamed on the program", async () => {
  const error = await run({
    file: "sh",
    args: [],
    cwd: "/nonexistent/folder",
    writes: false,
  }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: "sh could not be started", where: "/nonexistent/folder" });
});

test("a path that does not exist is reported as one", async () => {
  const error = await run({ file: "/nonexistent/tool", args: [], writes: false }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({ message: "/nonexistent/tool does not exist", exitCode: 64 });
});
