import type { Topology } from "../../config/schema/config.ts";
import type { Auth } from "../../config/schema/auth.ts";
import type { DomainStatus } from "../../domain/domain-status.ts";
import {
  activeRelease,
  addressIsHealthy,
  idleRelease,
  isOneOfTwo,
  shiftedRelease,
} from "../../release/observe/active-release.ts";
import type { Snapshot } from "../../release/observe/snapshot.ts";
import type { Colour } from "../../stack/colour.ts";
import type { JournalDocument } from "../../state/journal.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { StoredSecret } from "../../aws/secrets/list-secrets.ts";
import type { GithubRoles } from "../parts/github-roles.ts";
import type { MachineStatus } from "../parts/machine.ts";
import { addressDetail, addressOf, isHttps, whoMayAsk } from "../parts/place.ts";
import type { AttestationStatus } from "../parts/status/attestations.ts";
import { beforeStatus, type BeforeStatus } from "../parts/status/before.ts";
import type { PauseStatus } from "../parts/status/pause.ts";
import type { ScanStatus } from "../parts/status/scan.ts";
import { secretStatus, type SecretStatus } from "../parts/status/secrets.ts";
import type { AlarmStatus, InstanceStatus } from "../parts/status/lists.ts";
import type { ScalingStatus } from "../parts/status/scaling.ts";

/** `status --json`. Within one schema_version, no key is removed or changes its meaning. */
export interface StatusDocument {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly url: string;
  /**
   * True only when the address itself answered. Where the app reports its version, it must be the active one, or either of the two
   * while a release is in progress.
   */
  readonly healthy: boolean;
  readonly active: ColourStatus | null;
  /** What the other colour's instances run. */
  readonly previous: ColourStatus | null;
  readonly instances: readonly InstanceStatus[];
  readonly release: {
    readonly number: number;
    readonly version: string;
    readonly outcome: string;
    readonly created: string;
    readonly who: string;
    readonly reason: string | null;
    /** The command of `release.before`; null when it runs none, and before it has begun. */
    readonly before: BeforeStatus | null;
  } | null;
  /** The release that is in progress, or whose process died; null when there is none. */
  readonly rollout: {
    readonly release: number;
    readonly version: string;
    readonly step: string;
    /** When the step began. */
    readonly since: string;
    /** "running" while its lock is held and its process is not known to be dead; else "unfinished". */
    readonly state: "running" | "unfinished";
    readonly holder: string | null;
  } | null;
  readonly alarms: readonly AlarmStatus[];
  /** Why users get 503 in place of the service: maintenance, a sleep, or both. Empty: neither. */
  readonly paused: readonly PauseStatus[];
  /** Where a move that was interrupted leads; null without one. */
  readonly moves_to: Topology | null;
  readonly address: string;
  /** The first of `domains`; null without a domain. */
  readonly domain: DomainStatus | null;
  readonly domains: readonly DomainStatus[];
  /** Whether the address speaks HTTPS. Without a domain it does not. */
  readonly https: boolean;
  /** Those of the active release. */
  readonly secrets: readonly SecretStatus[];
  /** Addresses of `alerts.email` that get nothing until their readers confirm. */
  readonly unconfirmed_emails: readonly string[];
  /** The last day on which the stack is wanted; null without `expires`. */
  readonly expires: string | null;
  /** ARNs of the roles for GitHub's workflows; null without `github`. */
  readonly github_roles: GithubRoles | null;
  /** The registry's scan of the active image; null before the first release, and when the registry could not be asked. */
  readonly scan: ScanStatus | null;
  /** What the registry has with the active image; null as `scan`. */
  readonly attestations: AttestationStatus | null;
  /** Null before the first release, and when Auto Scaling could not be asked. */
  readonly scaling: ScalingStatus | null;
  /** See `whoMayAsk`. */
  readonly auth: Auth;
  readonly issuer: string | null;
  readonly open_to: readonly string[] | null;
  /** Null for a fleet, and while one machine has no problem. */
  readonly machine: MachineStatus | null;
}

interface ColourStatus {
  readonly colour: Colour;
  readonly version: string;
  readonly digest: string;
  readonly weight: number;
}

/** The lock's holder, as far as this machine can see it. */
export interface HolderSight {
  readonly name: string;
  readonly state: "alive" | "dead" | "unknown";
}

export function statusDocument(
  stack: StackRecord,
  snapshot: Snapshot,
  journal?: JournalDocument,
  holder?: HolderSight,
  domains: readonly DomainStatus[] = [],
  stored?: readonly StoredSecret[],
): StatusDocument {
  const rollout = rolloutStatus(journal, holder);
  const active = shiftedRelease(snapshot, journal) ?? activeRelease(snapshot);
  const previous = active === undefined ? undefined : idleRelease(snapshot, active);
  const newest = snapshot.releases[0];
  return {
    ...addressOf(stack),
    healthy:
      active !== undefined &&
      (addressIsHealthy(snapshot, active) ||
        (rollout?.state === "running" && isOneOfTwo(snapshot.address, journal))),
    active: active === undefined ? null : colourStatus(active, snapshot),
    previous: previous === undefined ? null : colourStatus(previous, snapshot),
    instances: snapshot.instances.map((instance) => ({
      id: instance.id,
      zone: instance.zone,
      colour: instance.colour,
      version: instance.agent?.version ?? null,
      state: instance.agent?.state ?? "booting",
      target_health: instance.targetHealth,
      reason: instance.targetReason === "" ? (instance.agent?.detail ?? "") : instance.targetReason,
      gpus: instance.agent?.gpus ?? null,
    })),
    release:
      newest === undefined
        ? null
        : {
            number: newest.release,
            version: newest.version,
            outcome: newest.outcome,
            created: newest.created,
            who: newest.who,
            reason: newest.reason,
            before: beforeStatus(newest, snapshot),
          },
    rollout,
    alarms: snapshot.alarms.map(({ name, state }) => ({ name, state })),
    paused: [],
    moves_to: stack.moves_to ?? null,
    address: addressDetail(stack, snapshot.address.detail),
    domain: domains[0] ?? null,
    domains,
    https: isHttps(stack),
    secrets: secretStatus(active, stored),
    unconfirmed_emails: [],
    expires: null,
    github_roles: stack.outputs.github_role_arns ?? null,
    scan: null,
    attestations: null,
    ...whoMayAsk(stack),
    scaling: null,
    machine: null,
  };
}

function rolloutStatus(
  journal: JournalDocument | undefined,
  holder: HolderSight | undefined,
): StatusDocument["rollout"] {
  if (journal === undefined || journal.outcome !== null) {
    return null;
  }
  const isRunning = holder !== undefined && holder.state !== "dead";
  return {
    release: journal.release,
    version: journal.plan.to.version,
    step: journal.step,
    since: journal.at,
    state: isRunning ? "running" : "unfinished",
    holder: holder?.name ?? null,
  };
}

function colourStatus(record: ReleaseRecord, snapshot: Snapshot): ColourStatus {
  return {
    colour: record.colour,
    version: record.version,
    digest: record.digest,
    weight: snapshot.weights[record.colour],
  };
}
