import type { Colour } from "../stack/colour.ts";

/** The documents a release leaves in AWS. Keys are relative to the state bucket. */

/** Value of each colour's SSM parameter, read by the instance agent: references only, because a standard parameter holds 4 KB. */
export interface ReleasePointer {
  readonly schema_version: 1;
  readonly release: number;
  readonly version: string;
  /** REGISTRY/REPOSITORY@sha256:DIGEST */
  readonly image: string;
  /** Key of the ReleaseRecord in the state bucket. */
  readonly record: string;
  /**
   * Seconds between two looks at the pointer from now on, instead of the instance's own setting; at least 1. A colour that stands idle
   * and warm is told to look often, so that the next release is taken at once without everybody doing so. Like `update`, it is no part
   * of what the release is: a pointer that differs in these two alone restarts nothing.
   */
  readonly poll_seconds?: number;
  /**
   * When an instance that already runs a release takes this one: at once (the default), or only while its Auto Scaling group has it in
   * Standby, and there only after `drain_seconds`. One that runs nothing yet takes it at once either way.
   */
  readonly update?: "at-once" | "in-standby";
}

/** PREFIX/releases/NNNN.json */
export interface ReleaseRecord {
  readonly schema_version: 1;
  readonly release: number;
  readonly kind: "release" | "rollback";
  /** The release that its instances report: its own number, or that of the release that a rollback found still running. */
  readonly deployment: number;
  /** What served before it; null for the first. */
  readonly replaces: { readonly release: number; readonly version: string } | null;
  readonly version: string;
  readonly digest: string;
  readonly image: string;
  readonly colour: Colour;
  readonly who: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  readonly finished: string | null;
  readonly message: string | null;
  /** How its traffic was moved; null for the first release, which had none to move. */
  readonly strategy: "blue-green" | "canary" | "linear" | "rolling" | null;
  readonly outcome: ReleaseOutcome;
  /** Why it did not go well, or was taken back later. */
  readonly reason: string | null;
  /** The rollback that took it back after it had gone well. */
  readonly taken_back_by: number | null;
  /** SHA-256 over the build context's files; lets `up` see that nothing has to be built. */
  readonly context_hash: string;
  readonly container: ContainerSettings;
}

/** "rolled-back" also when somebody took it back after it had gone well. */
export type ReleaseOutcome =
  | "in-progress"
  | "succeeded"
  | "failed"
  | "timed-out"
  | "rolled-back"
  | "cancelled";

export interface ContainerSettings {
  readonly port: number;
  readonly health: HealthSettings;
  /** Megabytes; null leaves the agent's default: the instance's memory less 256 MB for the host. */
  readonly memory_mb: number | null;
  readonly env: Readonly<Record<string, string>>;
  /** Environment variable -> Secrets Manager ARN and version id. */
  readonly secrets: Readonly<Record<string, { readonly arn: string; readonly version: string }>>;
  readonly log_group: string;
}

interface HealthSettings {
  readonly path: string;
  readonly timeout_seconds: number;
  /**
   * Whether ten seconds of definite evidence end the wait before the timeout: a port that is open on 127.0.0.1 only, another port of the
   * image's own that is open instead, a path that answers 401, 403, 404 or 405. Absent: true.
   */
  readonly fail_fast?: boolean;
  /** How long requests in flight get before an update in Standby stops the container: the load balancer's own delay. Absent: 10. */
  readonly drain_seconds?: number;
}

export type AgentStateName =
  | "booting"
  | "no-release"
  | "pulling"
  | "image-missing"
  | "pull-denied"
  | "starting"
  | "healthy"
  | "unhealthy"
  | "crashed"
  | "out-of-memory"
  | "failed";

/** PREFIX/agents/INSTANCE.json, written by the instance agent at every change of state. */
export interface AgentState {
  readonly schema_version: 1;
  readonly instance: string;
  readonly zone: string;
  readonly colour: Colour;
  readonly release: number | null;
  readonly version: string | null;
  readonly digest: string | null;
  readonly state: AgentStateName;
  /** One sentence for a person: the exit code, the health answer, the registry's refusal. */
  readonly detail: string;
  readonly exit_code: number | null;
  /** Times the container was started again for this release. */
  readonly restarts: number;
  /** Last lines of the container's output, at most 40. */
  readonly log_tail: readonly string[];
  /** ISO 8601, UTC. */
  readonly at: string;
}
