import type { Config } from "../../config/schema/config.ts";
import type { Clock } from "../../process/clock.ts";
import type { Interrupts } from "../../process/interrupts.ts";
import type { Reporter } from "../../report/reporter.ts";
import { span } from "../../report/span.ts";
import { durationText } from "../../report/text.ts";

/**
 * Waits until no client should use the parts that the names no longer lead to: as long as resolvers keep the old record, as long as a load
 * balancer keeps a client's connection, and as long as requests in flight may take (health.drain). A machine ends each connection with its
 * answer meanwhile, so that clients look the name up again.
 */
export async function awaitOldAnswers({
  clock,
  config: { domains, health, topology },
  interrupts,
  reporter,
}: {
  readonly clock: Pick<Clock, "sleep">;
  readonly config: Pick<Config, "domains" | "health" | "topology">;
  readonly interrupts: Pick<Interrupts, "aborted">;
  readonly reporter: Reporter;
}): Promise<void> {
  const connections = topology === "single" ? balancerSeconds : 0;
  const seconds = (domains.length === 0 ? 0 : resolverSeconds + connections) + health.drainSeconds;
  if (seconds === 0) return;
  await span(
    reporter,
    "drain",
    "Wait for requests to the old address",
    async ({ progress, done }) => {
      progress(`${durationText(seconds)}, the time that resolvers and clients may keep it`);
      await clock.sleep(seconds * 1000, interrupts.aborted);
      done(durationText(seconds));
    },
  );
}

/** TTL of the records, and of a load balancer's alias, with some time for Route53's own servers. */
const resolverSeconds = 75;
/** The least that AWS takes for a client's connection; the templates set it while a fleet is left. */
const balancerSeconds = 60;
