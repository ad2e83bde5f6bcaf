import type { LoadedConfig } from "../../config/load.ts";
import type { Deps } from "../../deps.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { describe } from "../../errors/describe.ts";
import type { ReportEvent } from "../../report/reporter.ts";
import type { StackSight } from "../../views/parts/overview.ts";
import type { GlobalFlags } from "../flags.ts";
import { openStatus } from "./open-status.ts";

type Open = typeof openStatus;

/**
 * The status of each stack, in the order of the file. One after the other, because Route53 answers five calls a second for the whole account.
 * A stack that cannot be read is in the answer with the reason. Throws only when the user interrupts.
 */
export async function seeAll(
  deps: Parameters<Open>[0] & Pick<Deps, "interrupts" | "reporter">,
  flags: Pick<GlobalFlags, "debug" | "profile" | "sandbox">,
  stacks: readonly LoadedConfig[],
  open: Open = openStatus,
): Promise<readonly StackSight[]> {
  const seen: StackSight[] = [];
  for (const loaded of stacks) {
    deps.interrupts.aborted.throwIfAborted();
    const { environment, region } = loaded.config;
    const place = { environment, region };
    try {
      const lookAgain = await open(saying(deps, environment), flags, loaded);
      seen.push({ ...place, status: (await lookAgain()).document, error: null });
    } catch (error) {
      deps.interrupts.aborted.throwIfAborted();
      const { message, why = null, next = null } = describe(error);
      const exitCode = error instanceof CommandError ? error.exitCode : exitCodes.failed;
      seen.push({ ...place, status: null, error: { message, why, next, exit_code: exitCode } });
    }
  }
  return seen;
}

/** The same, with the environment before each warning. */
function saying<D extends Pick<Deps, "reporter">>(deps: D, environment: string): D {
  const { reporter } = deps;
  const notify = (event: ReportEvent): void => {
    reporter.notify(
      event.type === "warning" ? { ...event, text: `${environment}: ${event.text}` } : event,
    );
  };
  return { ...deps, reporter: { ...reporter, notify } };
}
