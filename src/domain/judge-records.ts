import type { DnsRecord, RecordChoice } from "../aws/dns/hosted-zones.ts";
import type { Routing } from "../config/schema/edge/routing.ts";
import { refusal } from "./judge-domain.ts";

/** What the stack's record of a domain is, or will be. */
export interface OwnRecord {
  /** Where the stack's own records may lead, in lower case. */
  readonly targets: readonly string[];
  readonly routing: Routing;
  /** Its name among the records of other regions. */
  readonly id: string;
  readonly region: string;
}

/**
 * Throws CommandError (64) when the domain has records next to which Route53 would not take this stack's: an address of something else, or a
 * stack in another region that shares the domain in another way. Terraform would fail on it at its end.
 */
export function refuseForeignRecords(
  domain: string,
  records: readonly DnsRecord[],
  own: OwnRecord,
): void {
  const others = records.filter(
    ({ type, values }) =>
      (type === "A" || type === "CNAME") && !own.targets.some((target) => values.includes(target)),
  );
  const [first] = others;
  if (first === undefined) return;
  const shown = {
    where: `domain: ${domain} in infer-deploy.yml`,
    detail: others.map((record) => lineOf(domain, record)),
  };
  const shared = others.flatMap(({ type, choice }) =>
    type === "A" && choice !== undefined && choice.policy !== "other" ? [choice] : [],
  );
  if (shared.length < others.length) {
    if (own.routing !== "simple" && others.every(leadsToLoadBalancer)) {
      throw refusal(`${domain} has a record that is not shared with other regions.`, {
        ...shown,
        why: `Route53 takes no ${own.routing} record next to it`,
        next: `set ${partners[own.routing]} in the environment of that stack and run infer-deploy up there first, or delete the record; then run infer-deploy up again`,
      });
    }
    throw refusal(`${domain} has an address already, and it is not this stack's.`, {
      ...shown,
      next: "choose another domain, or delete the record and run infer-deploy up --refresh",
    });
  }
  refuseOtherSharing(domain, shared, own, shown);
}

/** All others are records of regions that share the domain. */
function refuseOtherSharing(
  domain: string,
  shared: readonly RecordChoice[],
  { id, region, routing }: OwnRecord,
  shown: { readonly where: string; readonly detail: readonly string[] },
): void {
  const policies = [...new Set(shared.map(({ policy }) => policy))].toSorted();
  const isLatency = policies.includes("latency");
  if (routing === "simple" || isLatency !== (routing === "latency")) {
    const right = isLatency ? "routing: latency" : missingOf(policies);
    throw refusal(`${domain} is shared with other regions by routing: ${policies.join(" and ")}.`, {
      ...shown,
      why:
        routing === "simple"
          ? "this stack has routing: simple, which leaves no room for other records of the name"
          : `this stack has routing: ${routing}, and all records of a name have one policy`,
      next: `${right === undefined ? "" : `set ${right} here, or `}choose another domain`,
    });
  }
  const twin = shared.find(
    (one) =>
      one.id === id || (routing === "latency" ? one.region === region : one.policy === routing),
  );
  if (twin === undefined) return;
  throw refusal(
    routing === "latency"
      ? `${domain} has a latency record of ${region} already, and it is not this stack's.`
      : twin.policy === routing
        ? `${domain} has a ${routing} already, and it is not this stack.`
        : `${domain} has a record ${id} already, and it is not this stack's.`,
    {
      ...shown,
      why:
        routing === "latency"
          ? "Route53 takes one latency record of a region"
          : `Route53 takes one ${routing} of a name`,
      next:
        routing === "latency"
          ? "use another region, or delete the record and run infer-deploy up again"
          : `set ${partners[routing]} here, or delete the record and run infer-deploy up again`,
    },
  );
}

/** The part that failover records still lack; undefined when they have both. */
function missingOf(policies: readonly string[]): string | undefined {
  return (["primary", "secondary"] as const)
    .filter((one) => !policies.includes(one))
    .map((one) => `routing: ${one}`)[0];
}

function leadsToLoadBalancer({ type, values, choice }: DnsRecord): boolean {
  return (
    type === "A" &&
    choice === undefined &&
    values.every((value) => /\.elb\.|^127\.0\.0\.1:/.test(value))
  );
}

function lineOf(domain: string, { type, values, choice }: DnsRecord): string {
  const how = choice === undefined ? "" : `  ${choice.policy} ${choice.id}`;
  return `${domain}.  ${type}  ${values.join(", ")}${how}`;
}

/** What the stack in the other region has. */
const partners: Readonly<Record<Exclude<Routing, "simple">, string>> = {
  latency: "routing: latency",
  primary: "routing: secondary",
  secondary: "routing: primary",
};
