import { gotNoAnswer } from "../observe/address.ts";
import type { RolloutFailure } from "../observe/failure.ts";
import type { Probe } from "./machine.ts";
import type { MovingPlan } from "./moving-plan.ts";

export type ProbeVerdict =
  | { readonly verdict: "good" | "waiting"; readonly detail: string }
  | { readonly verdict: "bad"; readonly detail: string; readonly failure: RolloutFailure };

type Limits = Pick<MovingPlan, "from" | "to" | "probeFailures" | "probeWindow">;

/**
 * Judges the new version by the probes through the rule. `seconds`: since the rule was made. Until the rule has spread, requests with
 * the header still reach the old version, and such answers do not count.
 */
export function judgeRule(plan: Limits, probes: readonly Probe[], seconds: number): ProbeVerdict {
  const asked = probes.filter((probe) => probe.by === "rule");
  const arrived = asked.filter((probe) => !isElsewhere(plan, probe));
  const bad = tooManyBad(plan, arrived, (probe) => !probe.good);
  if (bad !== undefined) {
    return bad;
  }
  const lost = asked.at(-1);
  if (lost !== undefined && isElsewhere(plan, lost) && seconds > longestSpreadSeconds) {
    const cause = `requests with the probe's header reach version ${lost.version}, not ${plan.to.version}`;
    return badVerdict(cause, lost);
  }
  const last = arrived.slice(-confirmations(arrived));
  const isProven = last.length >= confirmations(last) && last.every((probe) => probe.good);
  return {
    verdict: isProven ? "good" : "waiting",
    detail: asked.at(-1)?.detail ?? "no answer yet",
  };
}

/**
 * Judges by the probes through the address. Only the old and the new version may answer. When `all` traffic has moved, it is good once
 * the new one answers.
 */
export function judgeAddress(plan: Limits, probes: readonly Probe[], all: boolean): ProbeVerdict {
  const asked = probes.filter((probe) => probe.by === "address");
  const bad = tooManyBad(
    plan,
    asked,
    (probe) => !probe.good || !isOneOf(probe, [plan.from.version, plan.to.version]),
  );
  if (bad !== undefined) {
    return bad;
  }
  const last = asked.at(-1);
  const isGood = last !== undefined && last.good && (!all || isOneOf(last, [plan.to.version]));
  return { verdict: isGood ? "good" : "waiting", detail: last?.detail ?? "no answer yet" };
}

function tooManyBad(
  plan: Limits,
  probes: readonly Probe[],
  isBad: (probe: Probe) => boolean,
): Extract<ProbeVerdict, { readonly verdict: "bad" }> | undefined {
  const window = probes.slice(-plan.probeWindow);
  const bad = window.filter(isBad);
  const newest = bad.at(-1);
  if (newest === undefined || bad.length < plan.probeFailures) {
    return undefined;
  }
  return badVerdict(`${bad.length} of the last ${window.length} probes failed`, newest);
}

function badVerdict(
  cause: string,
  probe: Probe,
): Extract<ProbeVerdict, { readonly verdict: "bad" }> {
  const by =
    probe.by === "rule" ? "probe of the new version by its header" : "probe of the address";
  return {
    verdict: "bad",
    detail: probe.detail,
    failure: {
      cause,
      where: by,
      detail: [probe.detail],
      ...(gotNoAnswer(probe.detail) && { next: letIn }),
    },
  };
}

function isElsewhere(plan: Limits, probe: Probe): boolean {
  return probe.version !== null && probe.version !== plan.to.version;
}

/** True as well for an app that does not report its version. */
function isOneOf(probe: Probe, versions: readonly string[]): boolean {
  return probe.version === null || versions.includes(probe.version);
}

/** Without a reported version, one more good answer makes it likelier that the rule has spread. */
function confirmations(probes: readonly Probe[]): number {
  return probes.some((probe) => probe.version !== null) ? 2 : 3;
}

const letIn =
  "If this machine cannot reach the address at all, add it to network.allow and run infer-deploy up (a private address: release from a machine in the VPC); else fix the version, then release again";

/** AWS does not document how long a rule takes to reach every node of a load balancer. In practice it takes seconds. */
const longestSpreadSeconds = 60;
