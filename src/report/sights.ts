/**
 * What long work looks like at one moment: the facts that the panel draws. How it is drawn is decided elsewhere, so that a page can draw
 * the same. All moments are milliseconds since 1970.
 */

/** Terraform's changes of one step. */
export interface ResourcesSight {
  /** How many resources change. */
  readonly total: number;
  readonly completed: number;
  /** In progress, oldest first. */
  readonly pending: readonly PendingResource[];
  /** Addresses of those that failed, oldest first. */
  readonly failed: readonly string[];
  /** How long Terraform has said nothing; 0 when it has just spoken. */
  readonly silentSeconds: number;
}

export interface PendingResource {
  /** Such as load_balancer.aws_lb.this */
  readonly address: string;
  /** create, update, delete, replace */
  readonly action: string;
  readonly since: number;
}

/** A stack's service, while a release changes it or `status` watches it. */
export interface ServiceSight {
  readonly at: number;
  /** Lines above the rest, such as the address. Empty during a release. */
  readonly facts: readonly FactSight[];
  /** One for each colour that has a version or instances. */
  readonly colours: readonly ColourSight[];
  /** Null when they cannot be seen now. */
  readonly instances: readonly InstanceSight[] | null;
  readonly alarms: AlarmsSight;
  /** The answers since the last sight, oldest first. */
  readonly probes: readonly ProbeSight[];
  /** Null while no release is in progress. */
  readonly stage: StageSight | null;
}

export interface FactSight {
  readonly label: string;
  readonly text: string;
  readonly mood: Mood;
}

export interface ColourSight {
  readonly colour: "blue" | "green";
  /** Null when nothing is known to run on it. */
  readonly version: string | null;
  /** Per cent of the traffic; null when it cannot be read now. */
  readonly weight: number | null;
}

export interface InstanceSight {
  readonly id: string;
  readonly colour: "blue" | "green";
  readonly version: string | null;
  /** Such as "pulling 43 %" */
  readonly state: string;
  readonly mood: Mood;
}

export type Mood = "good" | "waiting" | "bad";

export interface AlarmsSight {
  readonly watched: number;
  /** `expected`: starting instances set it off, so it does not count yet. */
  readonly on: readonly { readonly name: string; readonly expected: boolean }[];
  readonly canBeRead: boolean;
}

export interface ProbeSight {
  readonly at: number;
  readonly good: boolean;
  /** How long the answer took; null where that was not measured. */
  readonly milliseconds: number | null;
  readonly detail: string;
}

/** How far a release is. */
export interface StageSight {
  /** Which of the shares of the traffic it is, from 1; null where there is only one. */
  readonly share: { readonly number: number; readonly of: number } | null;
  readonly began: number;
  /** When the watch of this stage ends at the earliest; null while the release does not watch. */
  readonly ends: number | null;
  /** When the release is undone if it has not ended; null once it is being undone. */
  readonly deadline: number | null;
  /** How it would be undone: "rolled back"; "stopped" where it replaces nothing. */
  readonly undone: "rolled back" | "stopped";
  /** Why it rolls back; null while it moves on. */
  readonly trouble: string | null;
}
