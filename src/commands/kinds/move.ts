import type { Deps } from "../../deps.ts";
import { exitCodes } from "../../errors/command-error.ts";
import { takeLock } from "../../lock/take-lock.ts";
import { restAgain } from "../../release/pause/maintenance.ts";
import { refusePaused } from "../../release/pause/refuse-paused.ts";
import type { Progress, Released } from "../../release/release.ts";
import type { Session } from "../../release/session.ts";
import { withReleaseLock } from "../../release/with-lock.ts";
import { jsonText } from "../../report/json-text.ts";
import { refuseMoving } from "../../state/stack-record.ts";
import type { GlobalFlags, MoveFlags } from "../../target/flags.ts";
import { lockDeps } from "../../target/lock-deps.ts";
import type { Target } from "../../target/target.ts";
import { releaseDocument, releaseText } from "../../views/release.ts";

/** Moves traffic with the lock held, then prints what serves. Returns the exit code. */
export async function move(
  deps: Deps,
  flags: GlobalFlags,
  { target, session }: { readonly target: Target; readonly session: Session },
  { claim, command, lockWait }: MoveFlags,
  work: (progress: Progress) => Promise<Released>,
): Promise<number> {
  const locking = lockDeps(deps, target, flags);
  const done = await withReleaseLock(
    session,
    async () => {
      const lock = await takeLock(locking, { command, waitSeconds: lockWait });
      return {
        release: async () => {
          await lock.release();
          claim?.giveBack();
        },
      };
    },
    async (progress) => {
      refuseMoving(session.stack);
      await refusePaused(session.store, session.stack);
      try {
        return await work(progress);
      } finally {
        await restAgain(session);
      }
    },
  );
  const document = releaseDocument(session.stack, done);
  deps.out(flags.json ? jsonText(document) : releaseText(document));
  return exitCodes.done;
}
