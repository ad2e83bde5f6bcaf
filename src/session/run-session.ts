import type { StartedSession } from "../aws/sessions/start-session.ts";
import { CommandError } from "../errors/command-error.ts";
import type { Attach } from "../process/programs/attached.ts";
import type { Run } from "../process/programs/run.ts";
import { createMarkedOutput } from "./marked-output.ts";
import { wrapped, type Marks } from "./remote-command.ts";

export interface SessionDeps {
  readonly start: (wish: {
    readonly command: string | undefined;
    readonly hasTerminal: boolean;
  }) => Promise<StartedSession>;
  /** Ends what runs in a session. */
  readonly terminate: (session: string) => Promise<void>;
  readonly run: Run;
  readonly attach: Attach;
  /** With which the plugin signs its own requests. */
  readonly env: () => Promise<Readonly<Record<string, string | undefined>>>;
  readonly region: string;
  /** Of Systems Manager. */
  readonly endpoint: string;
  readonly newToken: () => string;
  readonly out: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Runs a command on an instance by Session Manager's plugin, as the AWS CLI does. Undefined: a login shell. Resolves with the command's exit
 * code; at a terminal with the plugin's, which is 0. Throws CommandError: the plugin is not installed (64), the session broke (1).
 */
export async function runSession(
  deps: SessionDeps,
  command: string | undefined,
  hasTerminal: boolean,
): Promise<number> {
  const { attach, endpoint, env, newToken, out, region, run, signal, start, terminate } = deps;
  const { stdout } = await run({ file: plugin, args: ["--version"], writes: false });
  const token = newToken();
  const marks: Marks | undefined = hasTerminal
    ? undefined
    : { begin: `begin-${token}`, end: `end-${token}` };
  const { answer, request } = await start({
    command: command === undefined ? undefined : wrapped(command, marks),
    hasTerminal,
  });
  const coded = JSON.stringify(answer);
  // Every user of this machine can read arguments. Older plugins know no other way.
  const isHidden = isAtLeast(stdout.trim(), [1, 2, 497]);
  const given = {
    file: plugin,
    args: [
      ...[isHidden ? answerVariable : coded, region, "StartSession", ""],
      ...[JSON.stringify(request), endpoint],
    ],
    env: { ...(await env()), ...(isHidden ? { [answerVariable]: coded } : {}) },
    signal,
  };
  if (marks === undefined) return attach(given);
  const output = createMarkedOutput(marks, out);
  await attach({ ...given, onOutput: output.push });
  if (signal.aborted) {
    await terminate(answer.SessionId);
    signal.throwIfAborted();
  }
  const { code, said } = output.end();
  if (code !== undefined) return code;
  throw new CommandError(`The session with ${request.Target} ended before the command did.`, {
    detail: said.split("\n").filter((line) => line.trim() !== ""),
    next: "infer-deploy status shows whether the instance still runs",
  });
}

function isAtLeast(version: string, least: readonly [number, number, number]): boolean {
  const parts = version.split(".").map(Number);
  for (const [index, wanted] of least.entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

const plugin = "session-manager-plugin";
const answerVariable = "AWS_SSM_START_SESSION_RESPONSE";
