import type { HostedZone } from "../aws/dns/hosted-zones.ts";
import { CommandError, exitCodes, type ErrorFacts } from "../errors/command-error.ts";

/** The zone of the domain. Throws CommandError (64) when there is none, when it is private, or when the name has several. */
export function chooseZone(wanted: string, zones: readonly HostedZone[]): HostedZone {
  const open = zones.filter(({ isPrivate }) => !isPrivate);
  const [zone] = open;
  if (zone === undefined) {
    throw zones.length === 0
      ? refusal(`There is no Route53 zone ${wanted} in this account.`, {
          where: `zone: ${wanted} in infer-deploy.yml`,
          next: "aws route53 list-hosted-zones shows the account's zones; infer-deploy up --make-zone makes this one. Where the zone is in another account, let up make one for the domain alone",
        })
      : refusal(
          `The Route53 zone ${wanted} is private, so no one outside its VPC could resolve the domain.`,
          {
            where: `zone: ${wanted} in infer-deploy.yml`,
            next: "name a public zone",
          },
        );
  }
  if (open.length > 1) {
    throw refusal(`There are ${open.length} public Route53 zones ${wanted} in this account.`, {
      where: `zone: ${wanted} in infer-deploy.yml`,
      detail: open.map(({ id, nameServers }) => `${id}: ${nameServers.join(", ")}`),
      next: `write the id of the delegated one; dig +short NS ${wanted} shows its name servers`,
    });
  }
  return zone;
}

/**
 * Throws CommandError (64) when the domain's parent does not lead to the zone: AWS would wait for the certificate for hours.
 * `seen`: the name servers that public resolvers report for the zone's name.
 */
export function refuseUndelegated(zone: HostedZone, seen: readonly string[]): void {
  if (seen.some((server) => zone.nameServers.includes(server))) return;
  throw refusal(
    seen.length === 0
      ? `${zone.name} is not delegated to its Route53 zone.`
      : `${zone.name} is delegated to other name servers than those of its Route53 zone.`,
    {
      where: `zone ${zone.id}`,
      ...(seen.length === 0 ? {} : { why: `public resolvers report ${seen.join(", ")}` }),
      detail: zone.nameServers.map((server) => `${zone.name}.  NS  ${server}.`),
      next: "set these name servers where the domain is registered, or in its parent zone; then run infer-deploy up again",
    },
  );
}

/** Throws CommandError (64) when the CAA records keep AWS from issuing the certificate. `issuers`: those of the nearest name that has any. */
export function refuseForbiddenIssuer(
  domain: string,
  issuers: readonly string[],
  authority: Authority,
): void {
  const names = issuers.map((issuer) => issuer.split(";", 1)[0]?.trim() ?? "");
  const own: readonly string[] = authorities[authority];
  if (names.length === 0 || names.some((name) => own.includes(name))) return;
  throw refusal(`The CAA records of ${domain} do not let ${authority} issue a certificate.`, {
    why: `they allow ${names.map((name) => (name === "" ? "no one" : name)).join(", ")}`,
    next: `add the record: ${domain}.  CAA  0 issue "${own[0]}"`,
  });
}

/** The names from the domain up to the top, in the order in which an authority looks for CAA records (RFC 8659). */
export function namesUpwards(domain: string): readonly string[] {
  const labels = domain.split(".");
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join("."));
}

export function refusal(message: string, facts: Omit<ErrorFacts, "exitCode">): CommandError {
  return new CommandError(message, { ...facts, exitCode: exitCodes.usage });
}

export type Authority = keyof typeof authorities;

/**
 * Their names in CAA records. Sources: AWS Certificate Manager user guide, "Configure a CAA record";
 * https://letsencrypt.org/docs/caa/
 */
const authorities = {
  AWS: ["amazon.com", "amazontrust.com", "awstrust.com", "amazonaws.com"],
  "Let's Encrypt": ["letsencrypt.org"],
} as const satisfies Readonly<Record<string, readonly string[]>>;
