import type { Colour } from "../../stack/colour.ts";
import type { BeforeReport } from "../../state/reports/before-report.ts";
import type { BeforeOrder, Update } from "../../state/release-pointer.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { AlarmFailure, RolloutFailure } from "../observe/failure.ts";

/** One change in AWS. The loop makes it and reports exactly one `acted` or `action-failed`. */
export type Action =
  /** Deletes the colour's scheduled clean-up, so that its instances stay. */
  | { readonly do: "claim"; readonly colour: Colour }
  /** Ends the instances of an earlier release, so that the new one starts on fresh ones. */
  | { readonly do: "clear"; readonly colour: Colour }
  | {
      readonly do: "point";
      readonly colour: Colour;
      readonly deployment: number;
      readonly update: Update;
      /** Its instances fetch the release and wait; one of them runs the command of `release.before`. `instances`: how many wait. */
      readonly before?: BeforeOrder & { readonly instances: number };
    }
  | {
      readonly do: "scale";
      readonly colour: Colour;
      readonly minimum: number;
      /** Null keeps the present one. */
      readonly desired: number | null;
    }
  /** Sends requests with the probe's header to the colour. */
  | { readonly do: "open-probe"; readonly colour: Colour }
  | { readonly do: "close-probe" }
  | { readonly do: "weigh"; readonly weights: Readonly<Record<Colour, number>> }
  /** Whether users get the service's answers, or 503 with Retry-After. A maintenance stays as it is. */
  | { readonly do: "answer"; readonly by: "pause" | "service" }
  /** Schedules the end of the colour's instances in this many seconds. */
  | { readonly do: "retire"; readonly colour: Colour; readonly seconds: number }
  /** Whether the policies and schedules of the colour that serves may change its size. The other colour's never do. */
  | { readonly do: "scaling"; readonly serving: Colour; readonly isOn: boolean }
  /** Whether the colour's group may move instances between its zones by itself. */
  | { readonly do: "balance"; readonly colour: Colour; readonly isOn: boolean }
  | {
      readonly do: "enter-standby" | "exit-standby";
      readonly colour: Colour;
      readonly instances: readonly string[];
    };

/** The result of one look at the stack. */
export interface Look {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** How healthy the new version is on its colour. */
  readonly candidate:
    | { readonly verdict: "waiting" | "healthy"; readonly detail: string }
    | ({ readonly verdict: "failed" } & RolloutFailure);
  /** The alarms that are on or cannot be read. */
  readonly alarms: readonly AlarmFailure[];
  /** The answers since the last look, oldest first. */
  readonly probes: readonly Probe[];
  /** Instances of the new version's colour; null when they cannot be seen now, which says nothing of them. */
  readonly members: readonly Member[] | null;
  /** Instances of the colour that served at the beginning; left out when they cannot be seen now. */
  readonly previous?: readonly Member[];
  /** The groups' sizes by colour; null when they cannot be seen now. */
  readonly capacity: Readonly<Record<Colour, Capacity>> | null;
}

export interface Capacity {
  readonly desired: number;
  readonly max: number;
}

export interface Probe {
  /** Whether it went to the new colour by its header, or to the address like users' requests. */
  readonly by: "rule" | "address";
  readonly good: boolean;
  /** The version that answered, where the app reports it. */
  readonly version: string | null;
  readonly detail: string;
  /** How long the answer took; left out where it was not measured. */
  readonly milliseconds?: number;
}

export interface Member {
  readonly id: string;
  readonly lifecycle: string;
  /** The release that its agent reports; null before its first report. */
  readonly deployment: number | null;
  /** Whether its agent reports a healthy container. */
  readonly ready: boolean;
  /** Whether the load balancer finds it healthy. */
  readonly serving: boolean;
  /** Whether it has the image and starts nothing yet. */
  readonly fetched?: boolean;
  /** Whether it has the image and waits for the command of `release.before`. */
  readonly holds?: boolean;
  /** On the instance that runs that command. */
  readonly before?: BeforeReport;
  /** The command's last line, while it runs. */
  readonly line?: string;
}

/** The command of `release.before`. */
export interface BeforeProgress {
  /** The instance that runs it; null while none does. */
  readonly instance: string | null;
  /** How often it was begun. A second time only after the instance has gone. */
  readonly attempt: number;
  /** Whether it has succeeded, so that the version may start. */
  readonly isOver: boolean;
  /** What its instance reported last. */
  readonly report: BeforeReport | null;
}

export type Event =
  | { readonly type: "acted"; readonly at: number }
  | {
      readonly type: "action-failed";
      readonly at: number;
      readonly reason: string;
      /** What a known cause of it needs, without a full stop. */
      readonly next?: string | undefined;
    }
  | { readonly type: "looked"; readonly look: Look }
  | { readonly type: "interrupted"; readonly at: number }
  /** It must end now, for a reason that is not in the stack. */
  | { readonly type: "cut-short"; readonly at: number; readonly failure: RolloutFailure };

export type Outcome = "succeeded" | "failed" | "rolled-back" | "timed-out" | "cancelled";

/** How far a rollout is. JSON-able, with the same fields for every strategy. */
export interface RolloutState {
  /** For the journal and for people. */
  readonly step: string;
  /** The change to make now; null while the step waits. */
  readonly action: Action | null;
  /** What the step waits for, in a few words. */
  readonly detail: string;
  /** Index into the plan's stages. */
  readonly stage: number;
  /** Milliseconds since 1970, when the rollout or its rollback began. */
  readonly began: number;
  /** Milliseconds since 1970, when the step began. */
  readonly entered: number;
  /** The latest probes, oldest first. */
  readonly probes: readonly Probe[];
  /** Failures in a row of the current change. */
  readonly attempts: number;
  /** Alarms that starting instances set off and that have not been off since. */
  readonly muted: readonly string[];
  /** Looks in a row at which the alarms could not be read. */
  readonly unread: number;
  /** Null until it is decided whether the rollout finishes or rolls back. */
  readonly outcome: Outcome | null;
  /** Why it rolls back. */
  readonly failure: RolloutFailure | null;
  /** Whether the new version keeps the traffic although it failed. */
  readonly stays: boolean;
  /** The tidying that AWS refused again and again. */
  readonly untidy: readonly Untidy[];
  readonly before: BeforeProgress;
  readonly ended: Ending | null;
}

/** A change that was left out. */
export interface Untidy {
  readonly step: string;
  /** AWS's words. */
  readonly reason: string;
}

export interface Ending {
  readonly outcome: Outcome;
  readonly failure: RolloutFailure | null;
  /** The rollback failed, so the stack is not as it was before. */
  readonly stuck: boolean;
  /** The new version has all traffic although it failed: a rollback to a version that is unhealthy too. */
  readonly stays?: true;
  /** Left out when everything is tidy. */
  readonly untidy?: readonly Untidy[];
  /** Left out when the command was not begun. */
  readonly before?: BeforeProgress;
}

/** Decides where a rollout begins, where it continues after a killed run, and what follows an event. Pure. */
export interface Machine<State extends RolloutState = RolloutState> {
  start(plan: RolloutPlan, at: number): State;
  /** Rolls back or finishes, from the step that a killed run had begun. */
  resume(plan: RolloutPlan, step: string, at: number): State;
  next(plan: RolloutPlan, state: State, event: Event): State;
}
