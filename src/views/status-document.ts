import type { JournalDocument } from "../state/journal.ts";
import type { ReleaseRecord } from "../state/records.ts";
import { isServing } from "../release/observe/judge.ts";
import type { Snapshot } from "../release/observe/snapshot.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { Colour } from "../stack/colour.ts";

/** `status --json`. A key is never taken away or given another meaning under the same schema_version. */
export interface StatusDocument {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  readonly url: string;
  /**
   * True only when the address itself answered, where the app tells its version with the active one; while a release is under way,
   * with either of its two.
   */
  readonly healthy: boolean;
  readonly active: ColourStatus | null;
  readonly previous: ColourStatus | null;
  readonly instances: readonly {
    readonly id: string;
    readonly zone: string;
    readonly colour: Colour;
    readonly version: string | null;
    readonly state: string;
    readonly target_health: string;
    readonly reason: string;
  }[];
  readonly release: {
    readonly number: number;
    readonly version: string;
    readonly outcome: string;
    readonly created: string;
    readonly who: string;
    readonly reason: string | null;
  } | null;
  /** The release that is under way, or was left half-way when its process died; null when there is none. */
  readonly rollout: {
    readonly release: number;
    readonly version: string;
    readonly step: string;
    /** When the step began. */
    readonly since: string;
    /** "running" while its lock is held and its process is not seen to be dead; else "unfinished". */
    readonly state: "running" | "unfinished";
    readonly holder: string | null;
  } | null;
  readonly alarms: readonly { readonly name: string; readonly state: string }[];
  readonly address: string;
}

/** Who holds the lock, as far as it can be seen from here. */
export interface HolderSight {
  readonly name: string;
  readonly state: "alive" | "dead" | "unknown";
}

interface ColourStatus {
  readonly colour: Colour;
  readonly version: string;
  readonly digest: string;
  readonly weight: number;
}

export function statusDocument(
  stack: StackRecord,
  snapshot: Snapshot,
  journal?: JournalDocument,
  holder?: HolderSight,
): StatusDocument {
  const rollout = rolloutStatus(journal, holder);
  const active = rolledOut(snapshot, journal) ?? activeRelease(snapshot);
  const previous = snapshot.releases.find(
    (record) =>
      record.outcome === "succeeded" &&
      record.release !== active?.release &&
      record.colour !== active?.colour,
  );
  const newest = snapshot.releases[0];
  return {
    schema_version: 1,
    name: stack.name,
    environment: stack.environment,
    region: stack.region,
    url: stack.outputs.url,
    healthy:
      active !== undefined &&
      (addressIsHealthy(snapshot, active) ||
        (rollout?.state === "running" && isEither(snapshot.address, journal))),
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
          },
    rollout,
    alarms: snapshot.alarms.map(({ name, state }) => ({ name, state })),
    address: snapshot.address.detail,
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

/** The release that is under way, once it has more of the traffic than the one it replaces: it serves, though it has not succeeded yet. */
function rolledOut(
  { weights, releases }: Snapshot,
  journal: JournalDocument | undefined,
): ReleaseRecord | undefined {
  if (journal === undefined || journal.outcome !== null) {
    return undefined;
  }
  const { from, to } = journal.plan;
  return weights[to.colour] > weights[from.colour]
    ? releases.find(({ release }) => release === journal.release)
    : undefined;
}

/** While traffic moves, either version may answer. */
function isEither(
  { answered, version }: Snapshot["address"],
  journal: JournalDocument | undefined,
): boolean {
  const versions = [journal?.plan.from.version, journal?.plan.to.version];
  return answered && (version === null || versions.includes(version));
}

/** The newest good release of the colour that has the traffic; undefined before the first one. */
export function activeRelease(
  snapshot: Pick<Snapshot, "weights" | "releases">,
): ReleaseRecord | undefined {
  const serving = servingColour(snapshot.weights);
  return snapshot.releases.find(
    (record) => record.outcome === "succeeded" && record.colour === serving,
  );
}

/** The colour that has more of the traffic. */
export function servingColour(weights: Snapshot["weights"]): Colour {
  return weights.green > weights.blue ? "green" : "blue";
}

/**
 * Where the app tells its version, its own word decides. Where it does not, a 2xx counts only
 * while every instance that can have given it runs the release.
 */
export function addressIsHealthy(
  snapshot: Snapshot,
  release: Pick<ReleaseRecord, "version" | "deployment">,
): boolean {
  if (!snapshot.address.answered) {
    return false;
  }
  if (snapshot.address.version !== null) {
    return snapshot.address.version === release.version;
  }
  const answering = snapshot.instances.filter(
    (instance) => snapshot.weights[instance.colour] > 0 && instance.targetHealth === "healthy",
  );
  return (
    answering.length > 0 && answering.every((instance) => isServing(instance, release.deployment))
  );
}

function colourStatus(record: ReleaseRecord, snapshot: Snapshot): ColourStatus {
  return {
    colour: record.colour,
    version: record.version,
    digest: record.digest,
    weight: snapshot.weights[record.colour],
  };
}
