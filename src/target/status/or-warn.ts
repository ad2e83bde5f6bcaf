import { describeLine } from "../../errors/describe.ts";
import type { Reporter } from "../../report/reporter.ts";

/** Where warnings go. */
export interface WarnDeps {
  readonly reporter: Pick<Reporter, "notify">;
}

/** Undefined, and a warning with the error's words, when the work fails: a stack is shown without what could not be asked. */
export async function orWarn<T>(
  { reporter }: WarnDeps,
  what: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    reporter.notify({ type: "warning", text: `${what}: ${describeLine(error)}` });
    return undefined;
  }
}
