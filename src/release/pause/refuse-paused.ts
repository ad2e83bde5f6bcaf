import { CommandError } from "../../errors/command-error.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { readPause } from "../../state/pause.ts";
import type { StackRecord } from "../../state/stack-record.ts";

/**
 * Throws CommandError (1) where no release can be judged: while the stack sleeps, and in maintenance where a login comes before the
 * service, because a release's requests cannot log in and the way to the login is closed.
 */
export async function refusePaused(
  store: Pick<ObjectStore, "get">,
  { name, environment, login }: Pick<StackRecord, "environment" | "login" | "name">,
): Promise<void> {
  const { maintenance = null, sleep = null } = (await readPause(store))?.pause ?? {};
  if (sleep !== null) {
    throw new CommandError(`${name} (${environment}) is asleep.`, {
      why: `${sleep.who} put it to sleep at ${sleep.since}`,
      next: "infer-deploy wake",
    });
  }
  if (maintenance !== null && login !== undefined) {
    throw new CommandError(`${name} (${environment}) is in maintenance.`, {
      why: "its address asks for a login, so a release cannot be seen to work before that ends",
      next: "infer-deploy maintenance off",
    });
  }
}
