import type { AlarmSnapshot } from "../../aws/alarms/describe-alarms.ts";
import type { Launch } from "../../aws/describe-launches.ts";
import type { Colour } from "../../stack/colour.ts";
import type { AgentState } from "../../state/reports/agent-state.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";

/** A stack's observable state at one moment. Readonly and JSON-able: `status`, `up` and `release` judge the same value. */
export interface Snapshot extends FleetSnapshot {
  /** Newest first. */
  readonly releases: readonly ReleaseRecord[];
  readonly alarms: readonly AlarmSnapshot[];
  readonly address: AddressAnswer;
}

/** The part that a release watches: the fleet itself, without the history. */
export interface FleetSnapshot {
  readonly weights: Readonly<Record<Colour, number>>;
  readonly groups: Readonly<Record<Colour, ColourGroup>>;
  readonly instances: readonly InstanceSnapshot[];
}

export interface ColourGroup {
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  /** Availability zones that it launches in. */
  readonly zones: readonly string[];
  /** Its last launches, newest first; empty while no instance is missing. */
  readonly launches: readonly Launch[];
}

export interface InstanceSnapshot {
  readonly id: string;
  readonly zone: string;
  readonly colour: Colour;
  readonly lifecycle: string;
  /** healthy, unhealthy, initial, draining, unused or absent (not registered). */
  readonly targetHealth: string;
  readonly targetReason: string;
  /** Null until the agent's first report. */
  readonly agent: AgentState | null;
}

/** The answer of the address itself. */
export interface AddressAnswer {
  /** 2xx on the health path, or on the version path where one is configured. */
  readonly answered: boolean;
  /** The version that the app reported; null when the config names no version path. */
  readonly version: string | null;
  /** The status line or the connection's error, for a person. */
  readonly detail: string;
}
