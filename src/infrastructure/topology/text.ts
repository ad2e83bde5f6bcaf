import { otherTopology, type Config } from "../../config/schema/config.ts";
import { topologyText } from "../../stack/topology-text.ts";

/** What `up` does when the topology changes. */
export function movingText({ domains, topology }: Pick<Config, "domains" | "topology">): string {
  const from = otherTopology(topology);
  const [domain] = domains;
  const then =
    domain === undefined
      ? "Without a domain its address changes"
      : `Then ${domains.join(", ")} leads there`;
  return `the stack moves from ${topologyText(from)} to ${topologyText(topology)}: what is new is built next to what serves, and starts the same version. ${then}, and ${topologyText(from)} is deleted`;
}
