import { spawn } from "node:child_process";
import type { ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { seeRun } from "./cli-ends.ts";
import { cliPath } from "./cli.ts";

export interface Terminal {
  /** Of the program itself: the leader of the terminal's session and of its foreground process group. */
  readonly pid: number;
  /** Everything it has printed so far, with the terminal's own line breaks. */
  text(): string;
  /** Resolves when the text matches; rejects when the program ends before that. */
  waitFor(pattern: RegExp): Promise<void>;
  type(text: string): void;
  /** Changes the window's size. */
  resize(columns: number, rows: number): void;
  /** Calls back with everything that it has printed and prints from now on. */
  follow(listener: (chunk: string) => void): void;
  /** Ctrl-C, as often as asked: the kernel sends SIGINT to the whole foreground group. */
  pressControlC(times?: number, pauseMilliseconds?: number): Promise<void>;
  /**
   * Closes the window: SIGHUP comes, from the kernel and to the whole group as from a shell, and writing to the
   * terminal fails from now on.
   */
  hangUp(): void;
  kill(signal: "SIGTERM" | "SIGKILL" | "SIGINT" | "SIGHUP"): void;
  /** Flags of the line discipline, such as echo: as they were at the start, and at the end. */
  modes(): readonly string[];
  /** Resolves when the program has ended, also after hangUp(). */
  readonly ended: Promise<TerminalEnd>;
}

export interface TerminalEnd {
  readonly exitCode: number;
  /** The number of the signal that ended it; 0 when none did. */
  readonly signal: number;
}

export interface TerminalStart {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Of the window: columns and rows. */
  readonly size?: readonly [number, number];
}

/** Runs a program on a real pseudo-terminal that controls it. Linux with Perl; see pty.pl. */
export async function openTerminal({
  file,
  args,
  cwd,
  env,
  size,
}: TerminalStart): Promise<Terminal> {
  const helper = spawn(
    interpreter,
    [fileURLToPath(new URL("pty.pl", import.meta.url)), file, ...args],
    {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...(env ?? process.env), ...sizeVariables(size) },
      stdio: ["pipe", "pipe", "inherit", "pipe"],
    },
  ) as ChildProcessByStdio<Writable, Readable, null>;
  const status = helper.stdio[3] as Readable;
  const changed = new EventTarget();
  let printed = "";
  const listeners: ((chunk: string) => void)[] = [];
  let told = "";
  helper.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    printed += chunk;
    for (const listener of listeners) listener(chunk);
    changed.dispatchEvent(new Event("change"));
  });
  status.setEncoding("utf8").on("data", (chunk: string) => {
    told += chunk;
    changed.dispatchEvent(new Event("change"));
  });
  // The helper may have ended between a check and a command.
  helper.stdin.on("error", () => {});

  const see = async ({ exitCode, signal }: TerminalEnd): Promise<void> => {
    const [program, ...words] = args;
    if (program !== cliPath) return;
    const run = { args: words, cwd: cwd ?? process.cwd(), env: env ?? process.env };
    await seeRun({ ...run, exitCode: signal === 0 ? exitCode : -1, stdout: "", stderr: printed });
  };
  let isOver = false;
  const ended = new Promise<TerminalEnd>((resolve, reject) => {
    helper.once("error", reject);
    helper.once("close", () => {
      isOver = true;
      changed.dispatchEvent(new Event("change"));
      const match = /^exit (\d+) (\d+)$/m.exec(told);
      if (match === null) {
        reject(new Error(`pty.pl ended early: ${printed}`));
        return;
      }
      const end = { exitCode: Number(match[1]), signal: Number(match[2]) };
      see(end).then(() => {
        resolve(end);
      }, reject);
    });
  });
  ended.catch(() => {});

  const until = async (check: () => boolean, what: string): Promise<void> => {
    while (!check()) {
      if (isOver)
        throw new Error(`${what} did not come before the program ended. It printed:\n${printed}`);
      await new Promise((resolve) => {
        changed.addEventListener("change", resolve, { once: true });
      });
    }
  };
  const command = (line: string): void => void helper.stdin.write(`${line}\n`);
  const type = (text: string): void => command(`write ${Buffer.from(text).toString("hex")}`);

  await until(() => /^pid \d+$/m.test(told), "the process number");
  return {
    pid: Number(/^pid (\d+)$/m.exec(told)?.[1]),
    text: () => printed,
    waitFor: async (pattern) => until(() => pattern.test(printed), String(pattern)),
    type,
    resize: (columns, rows) => command(`size ${columns} ${rows}`),
    follow: (listener) => {
      if (printed !== "") listener(printed);
      listeners.push(listener);
    },
    pressControlC: async (times = 1, pauseMilliseconds = 150) => {
      for (let press = 0; press < times; press++) {
        if (press > 0) await wait(pauseMilliseconds);
        type("\u0003");
      }
    },
    hangUp: () => command("close"),
    kill: (signal) => command(`kill ${signal.slice("SIG".length)}`),
    modes: () => told.match(/(?<=^modes ).*$/gm) ?? [],
    ended,
  };
}

function sizeVariables(size: TerminalStart["size"]): NodeJS.ProcessEnv {
  return size === undefined ? {} : { COLUMNS: String(size[0]), LINES: String(size[1]) };
}

const interpreter = "perl";
