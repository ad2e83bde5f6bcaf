import { spawn } from "node:child_process";
import { seeRun } from "./cli-ends.ts";
import { cliPath } from "./cli.ts";

export interface TimedLine {
  readonly text: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface CliEnd {
  /** -1 when a signal ended it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds since 1970. */
  readonly started: number;
  readonly ended: number;
}

/** The built CLI while it runs: for signals in the middle, and for what it says when. */
export interface RunningCli {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** What it has written to standard error so far. */
  readonly lines: readonly TimedLine[];
  /** What it has written to standard output so far. */
  readonly output: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Resolves with the first line that matches, also a past one; rejects when it ends without. */
  readonly waitFor: (pattern: RegExp) => Promise<TimedLine>;
  readonly ended: Promise<CliEnd>;
}

export function startCli(
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
  },
): RunningCli {
  const started = Date.now();
  const child = spawn(process.execPath, [cliPath, ...args], {
    ...options,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: TimedLine[] = [];
  const waiters = new Set<() => void>();
  const wake = (): void => {
    for (const waiter of waiters) waiter();
  };
  let stdout = "";
  let stderr = "";
  let rest = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    const parts = (rest + text).split("\n");
    rest = parts.pop() ?? "";
    lines.push(...parts.map((part) => ({ text: part, at: Date.now() })));
    wake();
  });
  let isOver = false;
  const ended = new Promise<CliEnd>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      isOver = true;
      wake();
      const end = { exitCode: code ?? -1, stdout, stderr, started, ended: Date.now() };
      seeRun({ args, ...options, ...end }).then(() => {
        resolve(end);
      }, reject);
    });
  });
  return {
    pid: child.pid ?? -1,
    started,
    lines,
    output: () => stdout,
    kill: (signal) => void child.kill(signal),
    waitFor: async (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find(({ text }) => pattern.test(text));
          if (found === undefined && !isOver) return;
          waiters.delete(look);
          if (found === undefined)
            reject(new Error(`${pattern} did not come. Printed:\n${stderr}`));
          else resolve(found);
        };
        waiters.add(look);
        look();
      }),
    ended,
  };
}
