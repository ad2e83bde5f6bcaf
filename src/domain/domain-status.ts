import type { Certificate } from "../aws/dns/certificate.ts";
import type { DomainSources } from "./check-domain.ts";

/** What `status` says of a stack's domain. */
export interface DomainStatus {
  readonly name: string;
  /** Whether its address leads to this stack's load balancer. */
  readonly record: "own" | "other" | "missing";
  /** Whether public resolvers report the zone's own name servers; null when no resolver answers. */
  readonly delegated: boolean | null;
  readonly certificate: {
    readonly status: string;
    /** ISO 8601; null while it is not issued. */
    readonly expires: string | null;
    /** Whole days until then. AWS renews it 60 days before. */
    readonly days_left: number | null;
  } | null;
}

/** undefined without a domain, and for a zone that is gone. */
export async function readDomainStatus(
  { domain, zone: wanted }: { readonly domain: string | null; readonly zone: string | null },
  sources: DomainSources & { readonly certificate: () => Promise<Certificate | undefined> },
  now: Date,
): Promise<DomainStatus | undefined> {
  if (domain === null || wanted === null) return undefined;
  const zone = (await sources.zones(wanted)).find(({ isPrivate }) => !isPrivate);
  if (zone === undefined) return undefined;
  const [records, target, delegated, certificate] = await Promise.all([
    sources.records(zone.id, domain),
    sources.loadBalancerName(),
    sources.publicDns
      .nameServers(zone.name)
      .then((seen) => seen.some((server) => zone.nameServers.includes(server)))
      .catch(() => null),
    sources.certificate(),
  ]);
  const addresses = records.filter(({ type }) => type === "A" || type === "CNAME");
  const isOwn = addresses.some(({ values }) => values.includes(target?.toLowerCase() ?? ""));
  return {
    name: domain,
    record: isOwn ? "own" : addresses.length > 0 ? "other" : "missing",
    delegated,
    certificate: certificate === undefined ? null : certificateStatus(certificate, now),
  };
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
