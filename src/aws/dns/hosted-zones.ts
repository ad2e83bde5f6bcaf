import {
  CreateHostedZoneCommand,
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
  type DelegationSet,
  type HostedZone as Route53Zone,
  type ResourceRecordSet,
  type Route53Client,
} from "@aws-sdk/client-route-53";
import { unlessGone } from "../unless-gone.ts";

export interface HostedZone {
  /** Without the prefix /hostedzone/. */
  readonly id: string;
  /** Without the dot at its end, as all names here. */
  readonly name: string;
  readonly isPrivate: boolean;
  /** The name servers that Route53 gave the zone. */
  readonly nameServers: readonly string[];
}

/** A record of the zone, for a comparison and for a person. */
export interface DnsRecord {
  readonly type: string;
  /** Values, or the target of an alias. */
  readonly values: readonly string[];
  /** Absent: it is the only record of its name and type. */
  readonly choice?: RecordChoice;
}

/** How Route53 chooses a record among several of one name and type. */
export interface RecordChoice {
  /** `other`: by weight, place or address. */
  readonly policy: "latency" | "primary" | "secondary" | "other";
  /** Its name among them. */
  readonly id: string;
  /** Of `latency`. */
  readonly region?: string;
}

/** The zones of the account with this name, or the one with this id; none when there is none. */
export async function findZones(
  route53: Pick<Route53Client, "send">,
  nameOrId: string,
): Promise<readonly HostedZone[]> {
  const ids = /^Z[A-Z0-9]+$/.test(nameOrId)
    ? [nameOrId]
    : (await zonesNamed(route53, nameOrId)).map(({ Id = "" }) => Id);
  const zones = await Promise.all(ids.map(async (id) => getZone(route53, id)));
  return zones.flatMap((zone) => (zone === undefined ? [] : [zone]));
}

/** Makes a public zone. `reference`: a text that no other request of the account has had; with the same one, Route53 makes nothing twice. */
export async function createZone(
  route53: Pick<Route53Client, "send">,
  name: string,
  reference: string,
): Promise<HostedZone> {
  const { HostedZone: zone, DelegationSet: servers } = await route53.send(
    new CreateHostedZoneCommand({ Name: name, CallerReference: reference }),
  );
  return zoneOf(zone, servers);
}

/** The records of exactly this name. */
export async function recordsAt(
  route53: Pick<Route53Client, "send">,
  zoneId: string,
  name: string,
): Promise<readonly DnsRecord[]> {
  const { ResourceRecordSets: found = [] } = await route53.send(
    // The list begins at this name; a name has a handful of records at most.
    new ListResourceRecordSetsCommand({ HostedZoneId: zoneId, StartRecordName: name }),
  );
  return found.filter(({ Name }) => withoutDot(Name) === name.toLowerCase()).map(recordOf);
}

async function zonesNamed(
  route53: Pick<Route53Client, "send">,
  name: string,
): Promise<readonly Route53Zone[]> {
  const { HostedZones = [] } = await route53.send(
    new ListHostedZonesByNameCommand({ DNSName: name }),
  );
  return HostedZones.filter(({ Name }) => withoutDot(Name) === name.toLowerCase());
}

async function getZone(
  route53: Pick<Route53Client, "send">,
  id: string,
): Promise<HostedZone | undefined> {
  const answer = await unlessGone(route53.send(new GetHostedZoneCommand({ Id: id })));
  if (answer === undefined) return undefined;
  return zoneOf(answer.HostedZone, answer.DelegationSet);
}

function zoneOf(zone: Route53Zone | undefined, servers: DelegationSet | undefined): HostedZone {
  return {
    id: (zone?.Id ?? "").replace("/hostedzone/", ""),
    name: withoutDot(zone?.Name),
    isPrivate: zone?.Config?.PrivateZone === true,
    nameServers: (servers?.NameServers ?? []).map(withoutDot).toSorted(),
  };
}

function recordOf(record: ResourceRecordSet): DnsRecord {
  const { Type, AliasTarget, ResourceRecords = [], SetIdentifier } = record;
  const target = AliasTarget?.DNSName;
  return {
    type: Type ?? "",
    ...(SetIdentifier === undefined ? {} : { choice: choiceOf(record, SetIdentifier) }),
    values:
      target === undefined
        ? ResourceRecords.map(({ Value = "" }) => Value)
        : [withoutDot(target).replace(/^dualstack\./, "")],
  };
}

function choiceOf({ Failover, Region }: ResourceRecordSet, id: string): RecordChoice {
  if (Region !== undefined) return { policy: "latency", id, region: Region };
  if (Failover === "PRIMARY") return { policy: "primary", id };
  return { policy: Failover === "SECONDARY" ? "secondary" : "other", id };
}

function withoutDot(name: string | undefined): string {
  return (name ?? "").replace(/\.$/, "").toLowerCase();
}
