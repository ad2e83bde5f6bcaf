import type { Config } from "../../schema/config.ts";
import type { Contradiction, Path } from "../problem.ts";

/** The part of `findContradictions` that is about alarms and who hears of them. */
export function* checkAlerts({
  alarms,
  alerts,
  region,
}: Pick<Config, "alarms" | "alerts" | "region">): Iterable<Contradiction> {
  const named: readonly (readonly [Path, readonly string[]])[] = [
    [["alarms", "notify"], alarms.notify],
    [["alerts", "topics"], alerts?.topics ?? []],
    [["alerts", "call"], alerts?.callTopics ?? []],
  ];
  for (const [path, topics] of named) {
    for (const [index, topic] of topics.entries()) {
      if (topic.split(":")[3] !== region) {
        yield {
          paths: [[...path, index], ["region"]],
          found: `${topic} with region ${region}`,
          allowed: "a topic of the stack's region: CloudWatch reaches no other",
        };
      }
    }
  }
  if (alerts !== null && alerts.emails.length === 0 && alerts.topics.length === 0) {
    yield {
      paths: [["alerts"]],
      found: "alerts that reach no one",
      allowed: "an address in alerts.email or a topic in alerts.topics",
    };
  }
}
