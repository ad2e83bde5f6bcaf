import type { Topology } from "../config/schema/config.ts";

/** What a topology is called in a sentence. */
export function topologyText(topology: Topology): string {
  return topology === "single" ? "one machine" : "a fleet";
}
