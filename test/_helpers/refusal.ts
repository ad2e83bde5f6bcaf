import { CommandError } from "../../src/errors/command-error.ts";

/** The CommandError that `work` throws. Throws when there is none. */
export function refusalOf(work: () => unknown): CommandError {
  try {
    work();
  } catch (error) {
    if (error instanceof CommandError) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}
