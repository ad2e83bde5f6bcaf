import { parseDuration } from "../../config/fields/time/duration.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { checkMessage, longest } from "./answer.ts";
import type { Wish } from "./pause-deps.ts";

/** The flags' values. Throws CommandError (64) for a message or a time that an answer cannot have. */
export function wishOf({
  message,
  retryAfter,
}: {
  readonly message: string | undefined;
  readonly retryAfter: string | undefined;
}): Wish {
  if (message !== undefined) checkMessage(message, "--message");
  return {
    message,
    retryAfterSeconds: retryAfter === undefined ? undefined : secondsOf(retryAfter),
  };
}

function secondsOf(given: string): number {
  const seconds = /^[0-9]{1,9}$/.test(given) ? Number(given) : parseDuration(given);
  if (seconds !== null && Number.isInteger(seconds) && seconds >= 1 && seconds <= longest) {
    return seconds;
  }
  throw new CommandError(
    `--retry-after takes whole seconds, such as 600 or 10m, and "${given}" is not that.`,
    { exitCode: exitCodes.usage, why: "they are at least 1 second and at most a year" },
  );
}
