import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import type { AttachedCommand } from "../process/programs/attached.ts";
import { runSession, type SessionDeps } from "./run-session.ts";

interface WorldOptions {
  readonly version?: string;
  /** How the plugin cuts what it prints. */
  readonly piece?: number;
  /** Ends before the command does. */
  readonly breaks?: boolean;
}

/** Session Manager on this machine: the plugin runs the command in a shell here, and prints its own lines around it. */
function world({ version = "1.3.0.0\n", piece = 7, breaks = false }: WorldOptions = {}) {
  const stop = new AbortController();
  const started: AttachedCommand[] = [];
  const ended: string[] = [];
  let printed = "";
  let command = "";
  const deps: SessionDeps = {
    start: async (wish) => {
      command = wish.command ?? "";
      const answer = { SessionId: "s-1", StreamUrl: "wss://stream", TokenValue: "secret" };
      return { answer, request: { Target: "i-1" } };
    },
    terminate: async (session) => void ended.push(session),
    run: async () => ({ exitCode: 0, stdout: version, stderr: "" }),
    attach: async (given) => {
      started.push(given);
      const output = execFileSync("sh", ["-c", command]).toString();
      const text = `\nStarting session with SessionId: s-1\n${output}\n\nExiting session.\n\n`;
      const whole = Buffer.from(breaks ? text.slice(0, text.lastIndexOf("\nend-")) : text);
      for (let at = 0; at < whole.length; at += piece) {
        given.onOutput?.(whole.subarray(at, at + piece));
      }
      return 0;
    },
    env: async () => ({ AWS_ACCESS_KEY_ID: "key" }),
    ...{ region: "eu-west-1", endpoint: "https://ssm", newToken: () => "0a1b" },
    out: (text) => {
      printed += text;
    },
    signal: stop.signal,
  };
  return { deps, started, ended, stop, printed: () => printed };
}

test.each([1, 7, 100_000])(
  "the output and the exit code arrive, in pieces of %i bytes",
  async (piece) => {
    const { deps, printed } = world({ piece });
    expect(await runSession(deps, "sh -c 'echo ä; printf end >&2; exit 7'", false)).toBe(7);
    expect(printed()).toBe("ä\nend");
  },
);

test("what looks like the end of the output is not", async () => {
  const { deps, printed } = world();
  expect(await runSession(deps, "printf '\\nend-other 3\\n\\nend-'", false)).toBe(0);
  expect(printed()).toBe("\nend-other 3\n\nend-");
});

test("a session that breaks is an error with what the plugin said", async () => {
  const { deps, printed } = world({ breaks: true });
  await expect(runSession(deps, "echo half", false)).rejects.toMatchObject({
    message: "The session with i-1 ended before the command did.",
    detail: ["Starting session with SessionId: s-1"],
  });
  expect(printed()).toBe("half\n");
});

test("the token is no argument, where the plugin knows another way", async () => {
  const newer = world();
  await runSession(newer.deps, "true", false);
  expect(newer.started[0]?.args.join(" ")).not.toContain("secret");
  expect(newer.started[0]?.env["AWS_SSM_START_SESSION_RESPONSE"]).toContain("secret");
  const older = world({ version: "1.2.463.0\n" });
  await runSession(older.deps, "true", false);
  expect(older.started[0]?.args[0]).toContain("secret");
});

test("at a terminal the plugin has it, and the command is not marked", async () => {
  const { deps, started } = world();
  expect(await runSession(deps, "true", true)).toBe(0);
  expect(started[0]?.onOutput).toBeUndefined();
});

test("after Ctrl-C the session is ended", async () => {
  const { deps, ended, stop } = world();
  stop.abort(new Error("Stopped by Ctrl-C"));
  await expect(runSession(deps, "true", false)).rejects.toThrow("Stopped by Ctrl-C");
  expect(ended).toEqual(["s-1"]);
});
