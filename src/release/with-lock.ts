import type { HeldLock } from "../lock/acquire-lock.ts";
import type { Progress, Released } from "./release.ts";
import { reportEnd } from "./end/report-end.ts";
import type { Session } from "./session.ts";

/** Runs work that moves traffic with the lock held. The hooks that report its end run after the lock is released. */
export async function withReleaseLock(
  session: Session,
  takeLock: () => Promise<Pick<HeldLock, "release">>,
  work: (progress: Progress) => Promise<Released>,
): Promise<Released> {
  const lock = await takeLock();
  const progress: Progress = { record: undefined };
  let released: Released;
  try {
    released = await work(progress);
  } catch (error) {
    await lock.release();
    await reportEnd(session, progress, { error });
    throw error;
  }
  await lock.release();
  if (released.changed) {
    await reportEnd(session, progress, released);
  }
  return released;
}
