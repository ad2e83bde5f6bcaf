import { otherTopology, type Config, type Topology } from "../../config/schema/config.ts";

/** What a topology is called in a sentence. */
export function placeText(topology: Topology): string {
  return topology === "single" ? "one machine" : "a fleet";
}

/** What `up` does when the topology changes. */
export function movingText({ domains, topology }: Pick<Config, "domains" | "topology">): string {
  const from = otherTopology(topology);
  const [domain] = domains;
  const then =
    domain === undefined
      ? "Without a domain its address changes"
      : `Then ${domains.join(", ")} leads there`;
  return `the stack moves from ${placeText(from)} to ${placeText(topology)}: what is new is built next to what serves, and starts the same version. ${then}, and ${placeText(from)} is deleted`;
}
