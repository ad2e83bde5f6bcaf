import { serviceContainer } from "../../containers/sandbox-names.ts";
import { followDocker } from "../follow-docker.ts";
import { parseLogLine } from "./log-line.ts";
import type { SampleStore } from "./samples.ts";

/** Puts every request of the load balancer's access log into the store, from now on until `signal`. */
export function followRequests(sandbox: string, store: SampleStore, signal: AbortSignal): void {
  const container = serviceContainer(sandbox, "balancer");
  let seenUntil = Date.now() / 1000;
  // Not what was read before: after a restart of the container Docker tells the old lines once more.
  const args = () => ["logs", "--follow", "--since", seenUntil.toFixed(3), container];
  const onLine = (line: string) => {
    const sample = parseLogLine(line);
    if (sample === undefined) return;
    store.addRequest(sample);
    seenUntil = Math.max(seenUntil, Date.now() / 1000);
  };
  void followDocker(args, onLine, signal);
}
