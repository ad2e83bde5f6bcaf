import type {
  GetHostedZoneCommand,
  ListHostedZonesByNameCommand,
  ListResourceRecordSetsCommand,
} from "@aws-sdk/client-route-53";
import { expect, test } from "vitest";
import { findZones, recordsAt } from "./hosted-zones.ts";

type Command = GetHostedZoneCommand | ListHostedZonesByNameCommand | ListResourceRecordSetsCommand;

/** Route53 with a public zone, a private one of the same name, and one that sorts after them. Lists begin at a name and continue to the end, as on AWS. */
function route53() {
  const zones = [
    { Id: "/hostedzone/Z1", Name: "example.com.", Config: { PrivateZone: false } },
    { Id: "/hostedzone/Z2", Name: "example.com.", Config: { PrivateZone: true } },
    { Id: "/hostedzone/Z3", Name: "example.org.", Config: { PrivateZone: false } },
  ];
  const records = [
    {
      Name: "api.example.com.",
      Type: "A",
      AliasTarget: { DNSName: "dualstack.App-1.elb.amazonaws.com." },
    },
    { Name: "shared.example.com.", Type: "A", SetIdentifier: "a", Region: "eu-west-1" },
    { Name: "shared.example.com.", Type: "A", SetIdentifier: "b", Failover: "PRIMARY" },
    { Name: "shared.example.com.", Type: "A", SetIdentifier: "c", Failover: "SECONDARY" },
    { Name: "shared.example.com.", Type: "A", SetIdentifier: "d", Weight: 1 },
    { Name: "api.example.com.", Type: "TXT", ResourceRecords: [{ Value: '"x"' }] },
    { Name: "www.example.com.", Type: "A", ResourceRecords: [{ Value: "192.0.2.1" }] },
  ];
  return {
    send: async (command: Command) => {
      const input = command.input as Readonly<Record<string, string>>;
      if ("DNSName" in input) return { HostedZones: zones };
      if ("StartRecordName" in input) return { ResourceRecordSets: records };
      const zone = zones.find(({ Id }) =>
        Id.endsWith(`/${input["Id"]?.replace("/hostedzone/", "")}`),
      );
      if (zone === undefined) throw Object.assign(new Error("none"), { name: "NoSuchHostedZone" });
      return {
        HostedZone: zone,
        DelegationSet: { NameServers: ["NS-2.awsdns.net.", "ns-1.awsdns.org"] },
      };
    },
  } as never;
}

test("a name finds its zones, and not those that come after it in the list", async () => {
  const found = await findZones(route53(), "Example.com");
  expect(found).toEqual([
    {
      id: "Z1",
      name: "example.com",
      isPrivate: false,
      nameServers: ["ns-1.awsdns.org", "ns-2.awsdns.net"],
    },
    {
      id: "Z2",
      name: "example.com",
      isPrivate: true,
      nameServers: ["ns-1.awsdns.org", "ns-2.awsdns.net"],
    },
  ]);
});

test("an id finds its zone, and an unknown one none", async () => {
  expect((await findZones(route53(), "Z3")).map(({ name }) => name)).toEqual(["example.org"]);
  expect(await findZones(route53(), "Z9")).toEqual([]);
});

test("only the records of exactly this name are read", async () => {
  expect(await recordsAt(route53(), "Z1", "api.example.com")).toEqual([
    { type: "A", values: ["app-1.elb.amazonaws.com"] },
    { type: "TXT", values: ['"x"'] },
  ]);
});

test("a record of several says how Route53 chooses it", async () => {
  const found = await recordsAt(route53(), "Z1", "shared.example.com");
  expect(found.map(({ choice }) => choice)).toEqual([
    { policy: "latency", id: "a", region: "eu-west-1" },
    { policy: "primary", id: "b" },
    { policy: "secondary", id: "c" },
    { policy: "other", id: "d" },
  ]);
});
