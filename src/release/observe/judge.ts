import type { AgentState } from "../../state/reports/agent-state.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { RolloutFailure } from "./failure.ts";
import type { LaunchVerdict } from "./launches.ts";
import type { InstanceSnapshot, Snapshot } from "./snapshot.ts";
import type { Colour } from "../../stack/colour.ts";

export type Verdict =
  | { readonly verdict: "waiting"; readonly detail: string }
  | { readonly verdict: "healthy"; readonly detail: string }
  | ({ readonly verdict: "failed" } & RolloutFailure);

/**
 * Whether a colour runs a release on `wanted` healthy targets.
 * Fails as soon as one instance can no longer become healthy by itself, long before any timeout. `launch`: of the colour's group.
 */
export function judgeColour(
  snapshot: Pick<Snapshot, "instances">,
  colour: Colour,
  release: Pick<ReleaseRecord, "release">,
  wanted: number,
  launch: LaunchVerdict,
): Verdict {
  const instances = snapshot.instances.filter(
    (instance) => instance.colour === colour && isLive(instance),
  );
  for (const instance of instances) {
    const agent = instance.agent;
    if (agent !== null && agent.release === release.release && isHopeless(agent)) {
      return {
        verdict: "failed",
        cause: failureText(agent),
        where: `instance ${instance.id} in ${instance.zone}, agent state "${agent.state}"`,
        detail: agent.log_tail,
      };
    }
  }
  if (launch.verdict === "failed") {
    return {
      verdict: "failed",
      cause: `Auto Scaling could not launch an instance: ${launch.reason.replace(/\.$/, "")}`,
      where: `group of the colour ${colour}`,
      detail: [],
      next: launch.next,
      ...(launch.instead === undefined ? {} : { instead: launch.instead }),
      ...(launch.isShortage ? { isShortage: true } : {}),
    };
  }
  const ready = instances.filter((instance) => isServing(instance, release.release));
  if (ready.length >= wanted) {
    return { verdict: "healthy", detail: `${ready.length} of ${wanted} targets healthy` };
  }
  return {
    verdict: "waiting",
    detail: [
      `${ready.length} of ${wanted} targets healthy`,
      ...(launch.verdict === "trying" ? [launch.detail] : []),
      ...instances.map(instanceText),
    ].join("; "),
  };
}

/** An instance counts when the load balancer finds it healthy and its agent runs exactly this release. */
export function isServing(instance: InstanceSnapshot, release: number): boolean {
  return (
    instance.targetHealth === "healthy" && isReady(instance) && instance.agent?.release === release
  );
}

/** Whether its container is healthy, with any release, and with or without requests. */
export function isReady(instance: InstanceSnapshot): boolean {
  return instance.agent?.state === "healthy";
}

/** What an instance does, in a few words. */
export function instanceText(instance: InstanceSnapshot): string {
  const id = instance.id.length > 10 ? `${instance.id.slice(0, 10)}…` : instance.id;
  return `${id} ${stateText(instance)}`;
}

/** The same, without the instance's id. */
export function stateText(instance: InstanceSnapshot): string {
  if (instance.agent === null) {
    return "booting";
  }
  const { state, detail, pulled_percent: pulled } = instance.agent;
  const fetching = fetchingText(instance.agent);
  if (state === "healthy" && instance.targetHealth !== "healthy") {
    return `healthy, target ${instance.targetHealth}`;
  }
  // The detail of a pull begins with the image's name, which the release shows anyway. Other words are about trouble.
  if (state === "pulling" && detail.startsWith("Pulling ")) {
    const pulling = pulled === undefined ? "pulling" : `pulling ${pulled} %`;
    return fetching === undefined ? pulling : `${pulling}, ${fetching}`;
  }
  if (state === "fetching" && fetching !== undefined) return fetching;
  return detail === "" ? state : `${state}: ${detail}`;
}

function fetchingText({ fetched_percent: percent, fetched_mb_per_second: speed }: AgentState) {
  return percent === undefined ? undefined : `fetching ${percent} %, ${speed ?? 0} MB/s`;
}

export function isLive(instance: InstanceSnapshot): boolean {
  return !instance.lifecycle.startsWith("Terminat");
}

/** Whether the instance cannot become healthy by itself. */
export function isHopeless(agent: AgentState): boolean {
  switch (agent.state) {
    case "image-missing":
    case "pull-denied":
    case "model-failed":
    case "out-of-memory":
    case "unhealthy":
    case "before-failed":
    case "failed":
      return true;
    case "crashed":
      // One crash may be the machine's; the second one is the program's.
      return agent.restarts >= 2;
    // Its group replaces it.
    case "gpu-lost":
    case "leaving":
    case "booting":
    case "no-release":
    case "pulling":
    case "holding":
    case "before":
    case "fetching":
    case "starting":
    case "healthy":
      return false;
  }
}

function failureText(agent: AgentState): string {
  const words = agent.detail.replace(/\.$/, "");
  const detail = words === "" ? "" : `: ${words}`;
  switch (agent.state) {
    case "image-missing":
      return `the registry does not have the image${detail}`;
    case "pull-denied":
      return `the registry refused the image${detail}`;
    case "model-failed":
      return `the model's weights cannot be used${detail}`;
    case "out-of-memory":
      return `the container ran out of memory${detail}`;
    case "unhealthy":
      return `the container never became healthy${detail}`;
    case "crashed":
      return `the container crashes${detail}`;
    // The detail names the key, which is what a person looks for.
    case "before-failed":
      return words === "" ? "release.before failed" : words;
    default:
      return `the instance's agent failed${detail}`;
  }
}
