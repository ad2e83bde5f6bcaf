import type { Auth } from "../config/schema/auth.ts";
import type { DomainStatus } from "../domain/domain-status.ts";
import {
  activeRelease,
  addressIsHealthy,
  idleRelease,
  isOneOfTwo,
  shiftedRelease,
} from "../release/observe/active-release.ts";
import type { Snapshot } from "../release/observe/snapshot.ts";
import { durationText } from "../report/text.ts";
import type { Colour } from "../stack/colour.ts";
import type { JournalDocument } from "../state/journal.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { StoredSecret } from "../aws/secrets/list-secrets.ts";
import { githubStatusLines, type GithubRoles } from "./parts/github-roles.ts";
import {
  addressDetail,
  addressOf,
  authOf,
  domainLine,
  httpOnly,
  isHttps,
  openLines,
  openTo,
} from "./parts/place.ts";
import { scalingLines, type ScalingStatus } from "./parts/status-scaling.ts";
import { attestationLines, type AttestationStatus } from "./parts/status-attestations.ts";
import { alarmLines, instanceLines, type InstanceStatus } from "./parts/status-lists.ts";
import { scanLines, type ScanStatus } from "./parts/status-scan.ts";
import { secretLines, secretStatus, type SecretStatus } from "./parts/status-secrets.ts";

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
  readonly alarms: readonly { readonly name: string; readonly state: string }[];
  readonly address: string;
  /** The first of `domains`; null without a domain. */
  readonly domain: DomainStatus | null;
  readonly domains: readonly DomainStatus[];
  /** Whether the address speaks HTTPS. Without a domain it does not. */
  readonly https: boolean;
  /** Those of the active release. */
  readonly secrets: readonly SecretStatus[];
  /** ARNs of the roles for GitHub's workflows; null without `github`. */
  readonly github_roles: GithubRoles | null;
  /** The registry's scan of the active image; null before the first release, and when the registry could not be asked. */
  readonly scan: ScanStatus | null;
  /** What the registry has with the active image; null as `scan`. */
  readonly attestations: AttestationStatus | null;
  /** Null before the first release, and when Auto Scaling could not be asked. */
  readonly scaling: ScalingStatus | null;
  /** See `authOf` and `openTo`. */
  readonly auth: Auth;
  readonly open_to: readonly string[] | null;
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
    address: addressDetail(stack, snapshot.address.detail),
    domain: domains[0] ?? null,
    domains,
    https: isHttps(stack),
    secrets: secretStatus(active, stored),
    github_roles: stack.outputs.github_role_arns ?? null,
    scan: null,
    attestations: null,
    scaling: null,
    auth: authOf(stack),
    open_to: openTo(stack),
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

/** The `status` screen. */
export function statusText(document: StatusDocument, now: Date): string {
  const { name, environment, region, url, healthy, address, active, previous } = document;
  const lines = [
    `${name} (${environment}) in ${region}`,
    `  address   ${url}  ${healthy ? "healthy" : "NOT HEALTHY"}: ${address}`,
    active === null
      ? "  active    no release has succeeded yet"
      : `  active    ${active.version} on ${active.colour}, weight ${active.weight}, ${active.digest.slice(0, 19)}`,
    ...(document.https ? [] : [`  https     no: ${httpOnly}`]),
    ...openLines(document),
    ...document.domains.map(domainLine),
    ...secretLines(document.secrets),
    ...scanLines(document),
    ...attestationLines(document),
    ...scalingLines(document.scaling, (moment) => age(moment, now)),
    ...(previous === null ? [] : [`  previous  ${previous.version} on ${previous.colour}`]),
    ...releaseLines(document, now),
    ...rolloutLines(document, now),
    "",
    "  instances",
    ...instanceLines(document),
    ...alarmLines(document),
    ...(document.github_roles === null ? [] : ["", ...githubStatusLines(document.github_roles)]),
  ];
  return `${lines.join("\n")}\n`;
}

function releaseLines({ release }: StatusDocument, now: Date): readonly string[] {
  if (release === null) return [];
  const { number, version, outcome, created, who, reason } = release;
  const why = reason === null ? "" : `: ${reason}`;
  return [`  release   ${number} (${version}) ${outcome} ${age(created, now)} ago by ${who}${why}`];
}

function rolloutLines({ rollout }: StatusDocument, now: Date): readonly string[] {
  if (rollout === null) return [];
  const { release, version, step, since, state, holder } = rollout;
  const time = age(since, now);
  return [
    state === "running"
      ? `  progress  release ${release} (${version}) by ${holder ?? "another run"}, at "${step}" for ${time}`
      : `  progress  release ${release} (${version}) was interrupted at "${step}" ${time} ago; infer-deploy rollback undoes it, the next release repairs it first`,
  ];
}

function age(moment: string, now: Date): string {
  return durationText(Math.max(0, (now.getTime() - Date.parse(moment)) / 1000));
}
