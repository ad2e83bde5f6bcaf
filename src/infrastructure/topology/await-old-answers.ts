import type { Config } from "../../config/schema/config.ts";
import type { Clock } from "../../process/clock.ts";
import type { Interrupts } from "../../process/interrupts.ts";
import type { Reporter } from "../../report/reporter.ts";
import { span } from "../../report/span.ts";
import { durationText } from "../../report/text.ts";

/**
 * Waits until nobody should use the parts that the names no longer lead to: as long as resolvers keep the old record, and then as long as
 * requests in flight may take (health.drain). Meanwhile a machine ends each connection with its answer, so that clients look the name up again.
 */
export async function awaitOldAnswers({
  clock,
  config: { domains, health },
  interrupts,
  reporter,
}: {
  readonly clock: Pick<Clock, "sleep">;
  readonly config: Pick<Config, "domains" | "health">;
  readonly interrupts: Pick<Interrupts, "aborted">;
  readonly reporter: Reporter;
}): Promise<void> {
  const seconds = (domains.length === 0 ? 0 : resolversSeconds) + health.drainSeconds;
  if (seconds === 0) return;
  await span(
    reporter,
    "drain",
    "Wait for requests to the old address",
    async ({ progress, done }) => {
      progress(
        `${durationText(seconds)}: resolvers keep it for ${resolversSeconds} s, and requests in flight get ${durationText(health.drainSeconds)} (health.drain)`,
      );
      await clock.sleep(seconds * 1000, interrupts.aborted);
      done(durationText(seconds));
    },
  );
}

/** TTL of the records, and of a load balancer's alias, with some time for Route53's own servers. */
const resolversSeconds = 75;
