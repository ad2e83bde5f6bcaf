import { describe, describeLine } from "../../errors/describe.ts";
import type { Colour } from "../../stack/colour.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { AgentState } from "../../state/reports/agent-state.ts";
import { judgeAlarms } from "../observe/alarms.ts";
import type { AlarmFailure } from "../observe/failure.ts";
import { isReady, judgeColour } from "../observe/judge.ts";
import { observeFleet, type FleetSources } from "../observe/observe-stack.ts";
import type { FleetSnapshot } from "../observe/snapshot.ts";
import type { Alarms } from "../parts.ts";
import type { Capacity, Look, Member } from "../strategy/machine.ts";
import type { Wanted } from "../strategy/step.ts";
import type { LaunchWatch } from "./launch-watch.ts";
import type { Prober } from "./prober.ts";

export interface LookDeps extends FleetSources {
  readonly alarms: Alarms;
  readonly plan: Pick<RolloutPlan, "alarms" | "from" | "instances" | "to">;
  readonly prober: Prober;
  readonly launches: LaunchWatch;
  readonly inTime: <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T>;
  readonly now: () => Date;
  /** Gets the fleet of a look; null when it cannot be read. A look that the signal ended has none. */
  readonly onFleet: (fleet: FleetSnapshot | null) => void;
}

/** Looks at everything once, in parallel. Never throws: what cannot be read is part of the result. */
export async function look(
  deps: LookDeps,
  wanted: Wanted,
  step: string,
  signal: AbortSignal,
): Promise<Look> {
  await deps.launches.begin();
  const [seen, alarms, probes] = await Promise.all([
    deps
      .inTime(signal, async () => observeFleet(deps))
      .then(
        (fleet) => ({ fleet }),
        (error: unknown) => ({ error }),
      ),
    readAlarms(deps, signal),
    deps.prober.collect(wanted, step, signal),
  ]);
  const at = deps.now().getTime();
  if (!signal.aborted) deps.onFleet("fleet" in seen ? seen.fleet : null);
  if ("denied" in alarms) {
    return {
      at,
      candidate: refusedRead(alarms.denied),
      alarms: [],
      probes,
      members: null,
      capacity: null,
    };
  }
  if ("error" in seen) {
    if (isHopeless(seen.error)) {
      return {
        at,
        candidate: refusedRead(seen.error),
        alarms,
        probes,
        members: null,
        capacity: null,
      };
    }
    const detail = `the instances cannot be read now: ${describeLine(seen.error)}`;
    const candidate = { verdict: "waiting", detail } as const;
    return { at, candidate, alarms, probes, members: null, capacity: null };
  }
  return {
    at,
    candidate: judgeCandidate(deps, seen.fleet),
    alarms,
    probes,
    members: membersOf(seen.fleet, deps.plan.to.colour),
    ...(deps.plan.from === null ? {} : { previous: membersOf(seen.fleet, deps.plan.from.colour) }),
    capacity: { blue: sizeOf(seen.fleet, "blue"), green: sizeOf(seen.fleet, "green") },
  };
}

/** Unreadable alarms are a failure without a name. A release tolerates a few of them in a row. */
async function readAlarms(
  { alarms, inTime, plan }: LookDeps,
  signal: AbortSignal,
): Promise<readonly AlarmFailure[] | { readonly denied: unknown }> {
  try {
    return judgeAlarms(await inTime(signal, async () => alarms.describe(plan.alarms)));
  } catch (error) {
    if (isHopeless(error)) return { denied: error };
    const cause = "the alarms cannot be read";
    return [{ alarm: "", cause, where: "CloudWatch", detail: [describeLine(error)] }];
  }
}

/** Waiting does not help against a missing permission, nor against keys that have ended: those that can be renewed are renewed before. */
function isHopeless(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(AccessDenied(Exception)?|UnauthorizedOperation|AuthorizationError|ExpiredToken(Exception)?|RequestExpired)$/.test(
      error.name,
    )
  );
}

function refusedRead(error: unknown): Look["candidate"] {
  const { message, why, next } = describe(error);
  return {
    verdict: "failed",
    cause: message,
    where: "permissions",
    detail: why === undefined ? [] : [why],
    ...(next === undefined ? {} : { next: next.replace(/\.$/, "") }),
  };
}

function judgeCandidate({ plan, launches }: LookDeps, fleet: FleetSnapshot): Look["candidate"] {
  const { colour, deployment } = plan.to;
  const launch = launches.judge(fleet.groups[colour]);
  return judgeColour(fleet, colour, { release: deployment }, plan.instances, launch);
}

function membersOf({ instances }: FleetSnapshot, colour: Colour): readonly Member[] {
  return instances
    .filter((instance) => instance.colour === colour)
    .map((instance) => ({
      id: instance.id,
      lifecycle: instance.lifecycle,
      deployment: instance.agent?.release ?? null,
      ready: isReady(instance),
      serving: isReady(instance) && instance.targetHealth === "healthy",
      ...(hasImage(instance.agent) ? { fetched: true } : {}),
      ...commandOf(instance.agent),
    }));
}

/** The agent's report while its slot waits for the other one to stop. */
function hasImage(agent: AgentState | null): boolean {
  return agent?.state === "pulling" && agent.pulled_percent === 100;
}

/** What the agent reports of the command of `release.before`. */
function commandOf(agent: AgentState | null): Pick<Member, "before" | "holds" | "line"> {
  if (agent === null) return {};
  const { before, detail, state } = agent;
  return {
    ...(state === "holding" ? { holds: true } : {}),
    ...(before === undefined ? {} : { before }),
    ...(state === "before" ? { line: detail } : {}),
  };
}

function sizeOf({ groups }: FleetSnapshot, colour: Colour): Capacity {
  const { desired, max } = groups[colour];
  return { desired, max };
}
