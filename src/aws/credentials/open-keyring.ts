import type { NodeHttpHandler } from "@smithy/node-http-handler";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { createKeyring, type Keyring } from "./keyring.ts";
import { loadKeys } from "./load-keys.ts";
import { noKeysError } from "./no-keys.ts";
import { withPatience, type Patience } from "../../process/patience.ts";
import { profileFlag, type ProfileFacts } from "./profile.ts";
import { runCredentialProgram } from "./program.ts";

export interface KeyringDeps {
  /** Whether a person can answer. */
  readonly interactive: boolean;
  /** Resolves to the line that a person typed; undefined when the input was closed. */
  readonly askLine: (question: string) => Promise<string | undefined>;
  readonly signal: AbortSignal;
  readonly now: () => number;
  readonly region: string;
  readonly requestHandler: NodeHttpHandler;
}

/**
 * The keyring of the user's own credentials. The first `keys()` throws CommandError (64) with one sentence and one command, after at most 4.5 seconds, or
 * a minute where a program of the user's is the source; it throws the signal's reason when interrupted.
 */
export function openKeyring(deps: KeyringDeps, facts: ProfileFacts): Keyring {
  return createKeyring(async (isFirst) => {
    let isRunning = false;
    const over = new AbortController();
    const work = async ({ allow }: Patience) =>
      loadKeys(
        {
          ...deps,
          askCode: async (device) => {
            allow(undefined);
            const code = await askCode(deps, facts, isFirst ? device : undefined);
            allow(answerMilliseconds);
            return code;
          },
          runProgram: async (line) => {
            const onRun = (runs: boolean): void => {
              isRunning = runs;
              allow(runs ? programMilliseconds : answerMilliseconds);
            };
            return runCredentialProgram({ ...deps, signal: over.signal, onRun }, line);
          },
        },
        facts,
        isFirst,
      );
    const late = (): CommandError => lateError(facts, isRunning);
    try {
      // Not the role of the machine in its place.
      if (facts.name !== undefined && !facts.exists) throw new Error("no such profile");
      // Without a person the question would only come after the sign-in that it needs.
      if (facts.mfa !== null && !deps.interactive) await askCode(deps, facts, undefined);
      return await withPatience(answerMilliseconds, deps.signal, late, work);
    } catch (error) {
      throw noKeysError(error, facts);
    } finally {
      over.abort();
    }
  }, deps.now);
}

/** `device`: undefined where the question would come in the middle of the work. */
async function askCode(
  { interactive, askLine }: KeyringDeps,
  facts: ProfileFacts,
  device: string | undefined,
): Promise<string> {
  const profile = profileFlag(facts.name);
  if (!interactive || device === undefined) {
    throw new CommandError(`The AWS keys need a code of ${facts.mfa ?? "an MFA device"}.`, {
      exitCode: exitCodes.usage,
      why: "a code can only be asked for at a terminal, when the command begins",
      next: `eval "$(aws configure export-credentials${profile} --format env)" asks for it and sets the keys; run the command without a profile then`,
    });
  }
  const code = (await askLine(`Code of ${device}: `))?.trim() ?? "";
  if (/^\d{6}$/.test(code)) return code;
  throw new CommandError("A code of an MFA device has six digits.", {
    exitCode: exitCodes.usage,
    next: "run the same command again",
  });
}

function lateError(facts: ProfileFacts, isRunning: boolean): CommandError {
  return !isRunning
    ? new CommandError("The AWS credentials did not come.", {
        exitCode: exitCodes.usage,
        why: `no answer within ${answerMilliseconds / 1000} seconds`,
        next: `aws sts get-caller-identity${profileFlag(facts.name)} shows what it waits for`,
      })
    : new CommandError(
        `The credential_process of the AWS profile ${facts.program ?? "default"} does not end.`,
        {
          exitCode: exitCodes.usage,
          why: `no keys within ${programMilliseconds / 1000} seconds`,
          next: "run the program that credential_process names in ~/.aws/config, to see what it waits for",
        },
      );
}

const answerMilliseconds = 4500;
/** Some programs ask for a touch of a key, or open a browser. */
const programMilliseconds = 60_000;
