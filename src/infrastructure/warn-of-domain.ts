import type { Config } from "../config/schema/config.ts";
import type { Clock } from "../process/clock.ts";
import { addressQuestion, askAddress } from "../release/observe/address.ts";
import type { Reporter } from "../report/reporter.ts";
import type { StackRecord } from "../state/stack-record.ts";

/** The release asked the load balancer itself. Users ask the domain, so a domain that does not answer here is worth a warning. */
export async function warnUnlessDomainAnswers(
  {
    clock,
    config,
    fetch: fetcher,
    reporter,
  }: {
    readonly clock: Pick<Clock, "sleep">;
    readonly config: Config;
    readonly fetch: typeof fetch;
    readonly reporter: Pick<Reporter, "notify">;
  },
  stack: StackRecord,
): Promise<void> {
  if (config.domains.length === 0) {
    return;
  }
  const question = addressQuestion(config, stack);
  let answer = await askAddress(fetcher, question);
  for (let tries = 1; !answer.answered && tries < domainTries; tries += 1) {
    await clock.sleep(1000);
    answer = await askAddress(fetcher, question);
  }
  if (!answer.answered) {
    const what = "machine" in stack.outputs ? "machine" : "load balancer";
    const text = `the ${what} answers, but ${stack.outputs.url} does not answer here: ${answer.detail}. A resolver may keep "no such name" for up to 15 minutes; if it lasts, check that the zone's name servers are delegated`;
    reporter.notify({ type: "warning", text });
  }
}

const domainTries = 5;
