import type { PauseAnswer } from "../../aws/listener/pause-rules.ts";
import type { Clock } from "../../process/clock.ts";
import type { Reporter } from "../../report/reporter.ts";
import type { Action } from "../strategy/machine.ts";

/** The same changes. Once users get the service again, reports for how many seconds they did not. */
export function tellOutage(
  {
    clock,
    reporter,
  }: { readonly clock: Pick<Clock, "now">; readonly reporter: Pick<Reporter, "notify"> },
  act: (action: Action) => Promise<void>,
): (action: Action) => Promise<void> {
  let since: number | undefined;
  return async (action) => {
    await act(action);
    if (action.do !== "answer") return;
    const now = clock.now().getTime();
    if (action.by === "pause") {
      since ??= now;
    } else if (since !== undefined) {
      const seconds = ((now - since) / 1000).toFixed(1);
      reporter.notify({ type: "note", text: `users got 503 for ${seconds} s` });
      since = undefined;
    }
  };
}

/** What users get while no container serves. `token`: lets a request pass. */
export function outageAnswer(token: string): PauseAnswer {
  const body = { error: "A new version is starting.", retry_after_seconds: retrySeconds };
  return {
    contentType: "application/json",
    body: JSON.stringify(body),
    retryAfterSeconds: retrySeconds,
    token,
  };
}

const retrySeconds = 10;
