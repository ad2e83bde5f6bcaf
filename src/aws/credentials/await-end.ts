import { GetCallerIdentityCommand, type STSClient } from "@aws-sdk/client-sts";
import type { Clock } from "../../process/clock.ts";

/**
 * Asks AWS once a minute who signs with the keys, and resolves to true when it says that they have expired; to false when `signal` is aborted.
 * Any other answer, and none, says nothing about their end.
 */
export async function awaitEnd(
  sts: () => Promise<Pick<STSClient, "send">>,
  clock: Pick<Clock, "sleep">,
  signal: AbortSignal,
): Promise<boolean> {
  for (;;) {
    await clock.sleep(betweenMilliseconds, signal).catch(() => undefined);
    if (signal.aborted) return false;
    const name = await (
      await sts()
    )
      .send(new GetCallerIdentityCommand({}), { abortSignal: signal })
      .then(() => "", nameOf);
    if (/ExpiredToken|RequestExpired/.test(name)) return true;
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "";
}

const betweenMilliseconds = 60_000;
