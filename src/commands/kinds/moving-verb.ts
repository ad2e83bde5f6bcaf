import type { LoadedConfig } from "../../config/load.ts";
import type { Deps } from "../../deps.ts";
import type { HostClaim } from "../../lock/host-claim.ts";
import { onOff, text } from "../../options/kinds.ts";
import { readOptions, type Options, type Values } from "../../options/read-options.ts";
import type { GlobalFlags, MoveFlags } from "../../target/flags.ts";
import { lockWait, stackFlags, stackOptions, withStack } from "./stack-verb.ts";
import type { Start, Verb } from "./verb.ts";

/** A verb that moves traffic. */
interface MovingVerb<O extends Options> {
  readonly name: string;
  readonly summary: string;
  readonly options: O;
  readonly needsImage: (own: Values<O>) => boolean;
  /** The verb with its options, for those who find the lock held. */
  readonly command: (own: Values<O>) => string;
  /** Whether this process takes the lock. */
  readonly takesLock: (own: Values<O>) => boolean;
  readonly run: (
    deps: Deps,
    flags: GlobalFlags,
    loaded: LoadedConfig,
    own: Values<O> & MoveFlags,
  ) => Promise<number>;
}

/**
 * Of those of one machine that begin at once, all but one are refused, with CommandError (5), before they have read or loaded anything.
 */
export function movingVerb<O extends Options>(verb: MovingVerb<O>): Verb {
  return {
    name: verb.name,
    summary: verb.summary,
    options: { ...verb.options, ...movingOptions, ...stackOptions },
    run: async (start) => {
      const own = readOptions(verb.options, start);
      const moving = readOptions(movingOptions, start);
      const command = verb.command(own);
      // Runs that wait are never refused.
      const isClaimed = verb.takesLock(own) && moving.lockWait === 0;
      const claim = isClaimed ? await claimFor(start, command) : undefined;
      const needs = { needsImage: verb.needsImage(own) };
      return withStack(start, needs, async (deps, flags, loaded) =>
        verb.run(deps, flags, loaded, { ...own, ...moving, command, claim }),
      );
    },
  };
}

async function claimFor(start: Start, command: string): Promise<HostClaim> {
  const [{ claimHost }, { systemProcesses }] = await Promise.all([
    import("../../lock/host-claim.ts"),
    import("../../process/processes.ts"),
  ]);
  return claimHost(
    {
      env: start.env,
      cwd: start.cwd,
      now: () => new Date(),
      processes: systemProcesses,
      onExit: start.onExit,
    },
    stackFlags(start),
    command,
  );
}

const movingOptions = {
  message: text("--message <text>", "why, for the history"),
  skipHooks: onOff("--skip-hooks", "run none of .infer-deploy/hooks"),
  lockWait,
};
