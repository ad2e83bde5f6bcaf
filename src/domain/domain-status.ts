import type { Certificate } from "../aws/dns/certificate.ts";
import type { Config } from "../config/schema/config.ts";
import type { DomainSources } from "./check-domain.ts";

/** What `status` says of one of a stack's domains. */
export interface DomainStatus {
  readonly name: string;
  /** Whether its address leads to this stack's load balancer. */
  readonly record: "own" | "other" | "missing";
  /** How the stack's own record shares the name with other regions; null when it does not. */
  readonly shared_as: "latency" | "primary" | "secondary" | null;
  /** Whether public resolvers report the zone's own name servers; null when no resolver answers. */
  readonly delegated: boolean | null;
  /** Null when the load balancer's certificate does not name the domain. */
  readonly certificate: {
    readonly status: string;
    /** ISO 8601; null while it is not issued. */
    readonly expires: string | null;
    /** Whole days until then. AWS renews it 60 days before. */
    readonly days_left: number | null;
  } | null;
}

/** One for each domain; none without a domain, and for a zone that is gone. */
export async function readDomainStatus(
  { domains, routing, zone: wanted }: Pick<Config, "domains" | "routing" | "zone">,
  sources: DomainSources & { readonly certificate: () => Promise<Certificate | undefined> },
  now: Date,
): Promise<readonly DomainStatus[]> {
  if (domains.length === 0 || wanted === null) return [];
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
      certificate:
        certificate?.names.includes(name) === true ? certificateStatus(certificate, now) : null,
    });
  }
  return found;
}

function certificateStatus(
  { status, expires }: Certificate,
  now: Date,
): NonNullable<DomainStatus["certificate"]> {
  return {
    status,
    expires: expires?.toISOString() ?? null,
    days_left:
      expires === undefined
        ? null
        : Math.floor((expires.getTime() - now.getTime()) / dayMilliseconds),
  };
}

const dayMilliseconds = 86_400_000;
