import type { Colour } from "../../stack/colour.ts";
import type { JournalDocument } from "../../state/journal.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import { isServing } from "./judge.ts";
import type { Snapshot } from "./snapshot.ts";

/** The newest good release of the serving colour; undefined before the first one. */
export function activeRelease(
  snapshot: Pick<Snapshot, "weights" | "releases">,
): ReleaseRecord | undefined {
  const serving = servingColour(snapshot.weights);
  return snapshot.releases.find(
    (record) => record.outcome === "succeeded" && record.colour === serving,
  );
}

/**
 * The release that the idle colour's instances report; undefined when it has none. After failed releases and rollbacks that is not the last
 * good one of the colour. Of two, the newer one: an older one is on its way out.
 */
export function idleRelease(
  { instances, releases }: Pick<Snapshot, "instances" | "releases">,
  active: Pick<ReleaseRecord, "colour">,
): ReleaseRecord | undefined {
  const held = new Set(
    instances
      .filter(
        ({ colour, lifecycle }) => colour !== active.colour && !lifecycle.startsWith("Terminat"),
      )
      .map(({ agent }) => agent?.release ?? null),
  );
  return releases.find(
    ({ colour, deployment }) => colour !== active.colour && held.has(deployment),
  );
}

/** The colour that has more of the traffic. */
export function servingColour(weights: Snapshot["weights"]): Colour {
  return weights.green > weights.blue ? "green" : "blue";
}

/** The release in progress, once it has more of the traffic than the one it replaces. It serves, although it has not succeeded yet. */
export function shiftedRelease(
  { weights, releases }: Pick<Snapshot, "weights" | "releases">,
  journal: JournalDocument | undefined,
): ReleaseRecord | undefined {
  if (journal === undefined || journal.outcome !== null || journal.plan.from === null) {
    return undefined;
  }
  const { from, to } = journal.plan;
  return weights[to.colour] > weights[from.colour]
    ? releases.find(({ release }) => release === journal.release)
    : undefined;
}

/** While traffic moves, either version may answer. */
export function isOneOfTwo(
  { answered, version }: Snapshot["address"],
  journal: JournalDocument | undefined,
): boolean {
  const versions = [journal?.plan.from?.version, journal?.plan.to.version];
  return answered && (version === null || versions.includes(version));
}

/**
 * Where the app reports its version, that version decides. Otherwise a 2xx counts only while every instance that
 * can have answered runs the release.
 */
export function addressIsHealthy(
  snapshot: Pick<Snapshot, "address" | "instances" | "weights">,
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
