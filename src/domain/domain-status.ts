import type { Certificate } from "../aws/dns/certificate.ts";
import type { Config } from "../config/schema/config.ts";
import { troubleAdvice, troubleText, type Advised } from "./certificate-trouble.ts";
import type { DomainSources } from "./check-domain.ts";

/** What `status` says of one of a stack's domains. */
export interface DomainStatus {
  readonly name: string;
  /** Whether its address leads to this stack's load balancer or machine; unknown when it is not in Route53 and no public resolver answers. */
  readonly record: "own" | "other" | "missing" | "unknown";
  /** How the stack's own record shares the name with other regions; null when it does not. */
  readonly shared_as: "latency" | "primary" | "secondary" | null;
  /** Whether public resolvers report the zone's own name servers; null when no resolver answers. */
  readonly delegated: boolean | null;
  /** Null when the load balancer's certificate does not name the domain. */
  readonly certificate: {
    /** ISSUED, EXPIRED, or why there is none. */
    readonly status: string;
    /** ISO 8601; null while it is not issued. */
    readonly expires: string | null;
    /** Whole days until then. AWS renews it 60 days before, and one machine 30 days. */
    readonly days_left: number | null;
    /** Why the newest order of one machine's certificate has failed; null when none has. */
    readonly problem: string | null;
    /** ISO 8601: when it is made again; null when that is not known. */
    readonly next_try: string | null;
    /** What to do about the problem. */
    readonly next: string | null;
  } | null;
  /** The record to make, where the domain's zone is not in Route53 and it does not lead here; null otherwise. */
  readonly record_to_make: string | null;
}

interface StatusSources extends DomainSources {
  readonly certificate: () => Promise<Certificate | undefined>;
}

/** One for each domain; none without a domain, and for a zone that is gone. */
export async function readDomainStatus(
  { domains, routing, zone: wanted }: Pick<Config, "domains" | "routing" | "zone">,
  sources: StatusSources,
  now: Date,
): Promise<readonly DomainStatus[]> {
  if (domains.length === 0) return [];
  if (wanted === null) return readElsewhere(domains, sources, now);
  const zone = (await sources.zones(wanted)).find(({ isPrivate }) => !isPrivate);
  if (zone === undefined) return [];
  const [targets, delegated, certificate] = await Promise.all([
    sources.leadsTo(),
    sources.publicDns
      .nameServers(zone.name)
      .then((seen) => seen.some((server) => zone.nameServers.includes(server)))
      .catch(() => null),
    sources.certificate(),
  ]);
  const found: DomainStatus[] = [];
  // One after the other: Route53 answers five calls a second for the whole account.
  for (const name of domains) {
    const records = await sources.records(zone.id, name);
    const addresses = records.filter(({ type }) => type === "A" || type === "CNAME");
    const own = addresses.find(({ values }) => targets.some((target) => values.includes(target)));
    // Records of other regions are no obstacle for a stack that shares the name.
    const isTaken = addresses.some(({ choice }) => routing === "simple" || choice === undefined);
    const policy = own?.choice?.policy ?? "other";
    found.push({
      name,
      record: own !== undefined ? "own" : isTaken ? "other" : "missing",
      shared_as: policy === "other" ? null : policy,
      delegated,
      certificate: certificateStatus(certificate, now, {
        domain: name,
        address: targets[0],
        zone: wanted,
      }),
      record_to_make: null,
    });
  }
  return found;
}

/** Where one machine's domains are not in Route53. */
async function readElsewhere(
  domains: readonly string[],
  sources: StatusSources,
  now: Date,
): Promise<readonly DomainStatus[]> {
  const [[target], certificate] = await Promise.all([sources.leadsTo(), sources.certificate()]);
  return Promise.all(
    domains.map(async (name): Promise<DomainStatus> => {
      const seen = await sources.publicDns.addresses(name).catch(() => undefined);
      const isOwn =
        target !== undefined && seen?.length !== 0 && seen?.every((one) => one === target) === true;
      return {
        name,
        record:
          seen === undefined ? "unknown" : isOwn ? "own" : seen.length > 0 ? "other" : "missing",
        shared_as: null,
        delegated: null,
        certificate: certificateStatus(certificate, now, {
          domain: name,
          address: target,
          zone: null,
        }),
        record_to_make: isOwn || target === undefined ? null : `${name}.  60  A  ${target}`,
      };
    }),
  );
}

function certificateStatus(
  certificate: Certificate | undefined,
  now: Date,
  advised: Advised,
): DomainStatus["certificate"] {
  if (certificate?.names.includes(advised.domain) !== true) return null;
  const { status, expires, trouble } = certificate;
  return {
    status,
    expires: expires?.toISOString() ?? null,
    days_left:
      expires === undefined
        ? null
        : Math.floor((expires.getTime() - now.getTime()) / dayMilliseconds),
    problem: trouble === undefined ? null : troubleText(trouble.problem),
    next_try: trouble?.nextTry?.toISOString() ?? null,
    next: trouble === undefined ? null : troubleAdvice(trouble.problem, advised),
  };
}

const dayMilliseconds = 86_400_000;
