import { expect, test } from "vitest";
import type { DnsRecord, HostedZone } from "../aws/dns/hosted-zones.ts";
import { CommandError } from "../errors/command-error.ts";
import { checkDomain, type DomainSources } from "./check-domain.ts";

const zone: HostedZone = {
  id: "Z1",
  name: "example.com",
  isPrivate: false,
  nameServers: ["ns-1.awsdns-1.org", "ns-2.awsdns-2.net"],
};
const config = {
  domains: ["api.example.com"],
  zone: "example.com",
  environment: "production",
  region: "eu-west-1",
  routing: "simple",
  topology: "fleet",
} as const;
const loadBalancer = "app-production-1.eu-west-1.elb.amazonaws.com";

interface World {
  readonly zones?: readonly HostedZone[];
  readonly records?: readonly DnsRecord[];
  /** Of some names only. */
  readonly recordsAt?: Readonly<Record<string, readonly DnsRecord[]>>;
  readonly loadBalancer?: string;
  readonly nameServers?: readonly string[] | Error;
  /** Issuers by name. */
  readonly issuers?: Readonly<Record<string, readonly string[]>>;
}

async function check(world: World = {}, domains: readonly string[] = config.domains) {
  const warnings: string[] = [];
  const sources: DomainSources = {
    zones: async () => world.zones ?? [zone],
    records: async (_, name) => world.recordsAt?.[name] ?? world.records ?? [],
    leadsTo: async () => world.loadBalancer?.toLowerCase().split(" ") ?? [],
    publicDns: {
      nameServers: async () => {
        const { nameServers = zone.nameServers } = world;
        if (nameServers instanceof Error) throw nameServers;
        return nameServers;
      },
      issuers: async (name) => world.issuers?.[name] ?? [],
      addresses: async () => [],
    },
  };
  const notify = (event: { readonly type: string; readonly text?: string }) => {
    if (event.type === "warning") warnings.push(event.text ?? "");
  };
  const error = await checkDomain({ ...config, domains }, sources, { notify }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error !== undefined && !(error instanceof CommandError))
    throw new Error("not a CommandError", { cause: error });
  return { error, warnings };
}

test("a delegated zone without the record is fine", async () => {
  expect(await check()).toEqual({ error: undefined, warnings: [] });
});

test("no zone, a private one and two public ones are refused before anything is made", async () => {
  const missing = (await check({ zones: [] })).error;
  expect(missing?.message).toBe("There is no Route53 zone example.com in this account.");
  expect(missing?.exitCode).toBe(64);
  const hidden = (await check({ zones: [{ ...zone, isPrivate: true }] })).error;
  expect(hidden?.message).toContain("is private");
  const two = (
    await check({ zones: [zone, { ...zone, id: "Z2", nameServers: ["ns-9.awsdns-9.com"] }] })
  ).error;
  expect(two?.message).toContain("There are 2 public Route53 zones");
  expect(two?.detail).toEqual([
    "Z1: ns-1.awsdns-1.org, ns-2.awsdns-2.net",
    "Z2: ns-9.awsdns-9.com",
  ]);
});

test("a private zone next to a public one of the same name is usual", async () => {
  const { error } = await check({ zones: [{ ...zone, id: "Z2", isPrivate: true }, zone] });
  expect(error).toBeUndefined();
});

test("a zone that is not delegated is refused with the records that delegate it", async () => {
  const { error } = await check({ nameServers: [] });
  expect(error?.message).toBe("example.com is not delegated to its Route53 zone.");
  expect(error?.detail).toEqual([
    "example.com.  NS  ns-1.awsdns-1.org.",
    "example.com.  NS  ns-2.awsdns-2.net.",
  ]);
  const other = (await check({ nameServers: ["dns1.registrar.example"] })).error;
  expect(other?.why).toBe("public resolvers report dns1.registrar.example");
});

test("a delegation that is spreading, with one server right, is accepted", async () => {
  expect(
    (await check({ nameServers: ["ns-2.awsdns-2.net", "old.example"] })).error,
  ).toBeUndefined();
});

test("a network that blocks public resolvers gets a warning", async () => {
  const { error, warnings } = await check({
    nameServers: new Error("queryNs ETIMEOUT example.com"),
  });
  expect(error).toBeUndefined();
  expect(warnings).toEqual([expect.stringContaining("whether example.com is delegated")]);
});

test("an address that is not this stack's is shown and refused", async () => {
  const { error } = await check({ records: [{ type: "A", values: ["192.0.2.7"] }], loadBalancer });
  expect(error?.message).toBe(
    "api.example.com has an address already, and it is not this stack's.",
  );
  expect(error?.detail).toEqual(["api.example.com.  A  192.0.2.7"]);
});

test("the stack's own record, and records of other kinds, are no hindrance", async () => {
  const records = [
    { type: "A", values: [loadBalancer] },
    { type: "TXT", values: ["v=spf1 -all"] },
  ];
  expect(
    (await check({ records, loadBalancer: loadBalancer.toUpperCase() })).error,
  ).toBeUndefined();
});

test("CAA records of the nearest name decide", async () => {
  const closed = { "example.com": ["letsencrypt.org"] };
  const { error } = await check({ issuers: closed });
  expect(error?.message).toContain("do not let AWS issue a certificate");
  expect(error?.why).toBe("they allow letsencrypt.org");
  const own = { ...closed, "api.example.com": ["amazon.com; validationmethods=dns-01"] };
  expect((await check({ issuers: own })).error).toBeUndefined();
  const none = (await check({ issuers: { "example.com": [";"] } })).error;
  expect(none?.why).toBe("they allow no one");
});

test("a stack without a domain asks nothing", async () => {
  const fail = async (): Promise<never> => {
    throw new Error("asked");
  };
  const sources = { zones: fail, records: fail, leadsTo: fail } as never;
  await checkDomain({ ...config, domains: [], zone: null }, sources, { notify: () => undefined });
});

test("each of several domains is checked", async () => {
  const domains = ["api.example.com", "old.example.com"];
  expect((await check({}, domains)).error).toBeUndefined();
  const forbidden = await check({ issuers: { "old.example.com": ["letsencrypt.org"] } }, domains);
  expect(forbidden.error?.message).toContain("The CAA records of old.example.com");
  const recordsAt = { "old.example.com": [{ type: "A", values: ["192.0.2.1"] }] };
  const foreign = await check({ recordsAt }, domains);
  expect(foreign.error?.message).toContain("old.example.com has an address already");
});
