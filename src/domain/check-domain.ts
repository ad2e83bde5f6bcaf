import type { DnsRecord, HostedZone } from "../aws/dns/hosted-zones.ts";
import type { Config } from "../config/schema/config.ts";
import { describeLine } from "../errors/describe.ts";
import type { Reporter } from "../report/reporter.ts";
import {
  chooseZone,
  namesUpwards,
  refuseForbiddenIssuer,
  refuseUndelegated,
} from "./judge-domain.ts";
import { refuseForeignRecords } from "./judge-records.ts";
import { nameStack } from "../stack/names.ts";
import type { PublicDns } from "./public-dns.ts";

/** What Route53 and the internet know about the domain. */
export interface DomainSources {
  readonly zones: (nameOrId: string) => Promise<readonly HostedZone[]>;
  readonly records: (zoneId: string, name: string) => Promise<readonly DnsRecord[]>;
  /**
   * The stack's own places, in lower case: the DNS name of its load balancer, the address of its machine. While it moves from one to the
   * other it has both, and before the first up none.
   */
  readonly leadsTo: () => Promise<readonly string[]>;
  readonly publicDns: PublicDns;
}

/**
 * Refuses domains that could not work, before anything is created for them. Resolves at once without a domain.
 * Throws CommandError (64). A public resolver that does not answer is only a warning: some networks block it.
 */
export async function checkDomain(
  {
    domains,
    environment,
    region,
    routing,
    topology,
    zone: wanted,
  }: Pick<Config, "domains" | "environment" | "region" | "routing" | "topology" | "zone">,
  sources: DomainSources,
  reporter: Pick<Reporter, "notify">,
): Promise<void> {
  if (domains.length === 0 || wanted === null) return;
  const zone = chooseZone(wanted, await sources.zones(wanted));
  const [seen, targets] = await Promise.all([
    asked(reporter, `whether ${zone.name} is delegated`, async () =>
      sources.publicDns.nameServers(zone.name),
    ),
    sources.leadsTo(),
  ]);
  if (seen !== undefined) refuseUndelegated(zone, seen);
  const { set_identifier: id } = nameStack("", environment, region);
  // One after the other: Route53 answers five calls a second for the whole account.
  for (const domain of domains) {
    const [issuers, records] = await Promise.all([
      asked(reporter, `the CAA records of ${domain}`, async () =>
        nearestIssuers(sources.publicDns, domain),
      ),
      sources.records(zone.id, domain),
    ]);
    if (issuers !== undefined) {
      refuseForbiddenIssuer(domain, issuers, topology === "single" ? "Let's Encrypt" : "AWS");
    }
    refuseForeignRecords(domain, records, { targets, routing, id, region });
  }
}

/** An authority takes the CAA records of the nearest name that has any. */
async function nearestIssuers(dns: PublicDns, domain: string): Promise<readonly string[]> {
  for (const name of namesUpwards(domain)) {
    const issuers = await dns.issuers(name);
    if (issuers.length > 0) return issuers;
  }
  return [];
}

async function asked<T>(
  reporter: Pick<Reporter, "notify">,
  question: string,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    reporter.notify({
      type: "warning",
      text: `no public DNS resolver says ${question}: ${describeLine(error)}`,
    });
    return undefined;
  }
}
