import { CommandError } from "../errors/command-error.ts";
import type { Clock } from "../process/clock.ts";
import type { Run } from "../process/programs/run.ts";
import type { Reporter } from "../report/reporter.ts";
import { span } from "../report/span.ts";
import { findHook, readInterpreter } from "./find-hook.ts";
import { problemError, refusalError, warningText } from "./hook-error.ts";
import { hookEnvironment, hookFile, mayForbid, type HookFacts, type HookName } from "./hook.ts";

export interface HookDeps {
  readonly run: Run;
  readonly reporter: Pick<Reporter, "notify">;
  readonly clock: Clock;
  /** The folder of infer-deploy.yml, in which the hooks are and run. */
  readonly root: string;
  /** Added to the environment: leads AWS programs to the account and region that the verb works in. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first Ctrl-C: ends a running hook and everything that it started. */
  readonly signal: AbortSignal;
}

export interface Hooks {
  readonly run: (name: HookName, facts: HookFacts) => Promise<void>;
}

/** With `skip` every hook is as if it were not there, for --skip-hooks. */
export function createHooks(deps: HookDeps, options: { readonly skip: boolean }): Hooks {
  return {
    run: async (name, facts) => {
      if (!options.skip) {
        await runHook(deps, name, facts);
      }
    },
  };
}

/**
 * Runs the user's executable of that name, if there is one. A pre-hook that fails or cannot be started throws CommandError
 * (1), or the signal's error when interrupted. Any other hook only warns, because its event has already happened.
 */
async function runHook(deps: HookDeps, name: HookName, facts: HookFacts): Promise<void> {
  const file = hookFile(deps.root, name);
  const problem = await findHook(file);
  if (problem === undefined) {
    return;
  }
  await span(deps.reporter, `hook ${name}`, `Run the hook ${name}`, async () => {
    if (problem !== null) throw problemError(name, file, problem);
    await execute(deps, name, file, facts);
  }).catch((error: unknown) => {
    if (mayForbid(name) || !(error instanceof CommandError)) throw error;
    deps.reporter.notify({ type: "warning", text: warningText(error) });
  });
}

async function execute(
  deps: HookDeps,
  name: HookName,
  file: string,
  facts: HookFacts,
): Promise<void> {
  const forbids = mayForbid(name);
  if (forbids) {
    deps.signal.throwIfAborted();
  }
  const limit = deps.signal.aborted ? startLimit(deps.clock) : undefined;
  const lines: string[] = [];
  const result = await deps
    .run({
      file,
      args: [],
      cwd: deps.root,
      env: { ...deps.env, ...hookEnvironment(name, facts) },
      writes: true,
      signal: limit?.signal ?? deps.signal,
      ownGroup: true,
      onLine: (line) => {
        lines.push(line);
        deps.reporter.notify({ type: "note", text: `${name}: ${line}` });
      },
    })
    .catch(async (error: unknown) => {
      const interpreter = await readInterpreter(file).catch(() => null);
      const cause = error instanceof CommandError ? (error.cause ?? error) : error;
      throw problemError(name, file, { kind: "not-started", interpreter, cause });
    })
    .finally(() => limit?.stop());
  if (forbids) {
    deps.signal.throwIfAborted();
  }
  if (result.exitCode !== 0) {
    throw refusalError(name, file, result.exitCode, lines.slice(-shownLines));
  }
}

/** After a Ctrl-C no signal can stop a hook any more, but on-failure and on-rollback must still run. They get a time limit. */
function startLimit(clock: Clock): { readonly signal: AbortSignal; readonly stop: () => void } {
  const time = new AbortController();
  const over = new AbortController();
  clock.sleep(limitMilliseconds, over.signal).then(
    () => time.abort(),
    () => undefined,
  );
  return { signal: time.signal, stop: () => over.abort() };
}

const limitMilliseconds = 30_000;
const shownLines = 10;
