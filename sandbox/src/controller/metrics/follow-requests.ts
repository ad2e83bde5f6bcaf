import { serviceContainer } from "../../containers/sandbox-names.ts";
import type { MatchBuffer } from "../firewall/match-buffer.ts";
import { parseMatchLine } from "../firewall/match-line.ts";
import { followDocker } from "../follow-docker.ts";
import { parseLogLine } from "./log-line.ts";
import type { SampleStore } from "./samples.ts";

/**
 * Adds every request in the load balancer's access log to the store, and every request that matched a web ACL to the buffer, from now
 * until `signal` fires.
 */
export function followRequests(
  sandbox: string,
  { store, matches }: { readonly store: SampleStore; readonly matches: MatchBuffer },
  signal: AbortSignal,
): void {
  const container = serviceContainer(sandbox, "balancer");
  let seenUntil = Date.now() / 1000;
  // Docker prints old lines again after a restart of the container: skip the ones that were read before.
  const args = () => ["logs", "--follow", "--since", seenUntil.toFixed(3), container];
  const onLine = (line: string) => {
    const sample = parseLogLine(line);
    const matched = parseMatchLine(line);
    if (sample !== undefined) store.addRequest(sample);
    if (matched !== undefined) matches.add(matched);
    if (sample === undefined && matched === undefined) return;
    seenUntil = Math.max(seenUntil, Date.now() / 1000);
  };
  void followDocker(args, onLine, signal);
}
