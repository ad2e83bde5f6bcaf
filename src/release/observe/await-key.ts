import type { Clock } from "../../process/clock.ts";
import { keyHeader } from "../../config/schema/auth.ts";

/** What the address does with a key: "done" when it is as wanted, "late" when not yet, "silent" when it does not answer here. */
export type KeyEffect = "done" | "late" | "silent";

/**
 * Asks the address with a key until it passes, or is refused. A change of AWS WAF arrives in seconds to minutes, and not everywhere at once, so
 * three answers in a row count (AWS WAF API, UpdateRuleGroup, "Temporary inconsistencies during updates"). Ends after three minutes. Rejects
 * with the signal's reason when it aborts.
 */
export async function awaitKey(
  { fetch: fetcher, clock }: { readonly fetch: typeof fetch; readonly clock: Clock },
  url: URL,
  key: string,
  wanted: "passes" | "refused",
  signal: AbortSignal,
): Promise<KeyEffect> {
  const end = clock.now().getTime() + longestMilliseconds;
  let good = 0;
  let failures = 0;
  for (;;) {
    const status = await statusOf(fetcher, url, key);
    failures = status === undefined ? failures + 1 : 0;
    good = status !== undefined && (status === 401) === (wanted === "refused") ? good + 1 : 0;
    if (good === enough) return "done";
    if (failures === mostFailures) return "silent";
    if (clock.now().getTime() >= end) return "late";
    await clock.sleep(pauseMilliseconds, signal);
  }
}

async function statusOf(fetcher: typeof fetch, url: URL, key: string): Promise<number | undefined> {
  try {
    const answer = await fetcher(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(answerMilliseconds),
      headers: { "user-agent": "infer-deploy", [keyHeader]: key },
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return undefined;
  }
}

const enough = 3;
const mostFailures = 3;
const pauseMilliseconds = 1000;
const answerMilliseconds = 5000;
const longestMilliseconds = 180_000;
