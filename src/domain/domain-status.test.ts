import { expect, test } from "vitest";
import type { DnsRecord } from "../aws/dns/hosted-zones.ts";
import type { Routing } from "../config/schema/edge/routing.ts";
import { readDomainStatus } from "./domain-status.ts";

const now = new Date("2026-06-01T12:00:00Z");
const balancer = "app-production-1.eu-west-1.elb.amazonaws.com";

async function read(
  records: readonly DnsRecord[],
  seen: readonly string[] | Error,
  domains = ["api.example.com"],
  routing: Routing = "simple",
) {
  return readDomainStatus(
    { domains, routing, zone: "example.com" },
    {
      zones: async () => [
        { id: "Z1", name: "example.com", isPrivate: false, nameServers: ["ns-1.awsdns.org"] },
      ],
      records: async (_, name) => (name === "new.example.com" ? [] : records),
      leadsTo: async () => [balancer],
      publicDns: {
        nameServers: async () => {
          if (seen instanceof Error) throw seen;
          return seen;
        },
        issuers: async () => [],
        addresses: async () => [],
      },
      certificate: async () => ({
        arn: "arn",
        names: ["api.example.com"],
        status: "ISSUED",
        expires: new Date("2026-07-01T11:00:00Z"),
      }),
    },
    now,
  );
}

const own = {
  name: "api.example.com",
  record: "own",
  shared_as: null,
  delegated: true,
  certificate: {
    status: "ISSUED",
    expires: "2026-07-01T11:00:00.000Z",
    days_left: 29,
    problem: null,
    next_try: null,
    next: null,
  },
  record_to_make: null,
};

test("as up left it", async () => {
  expect(await read([{ type: "A", values: [balancer] }], ["ns-1.awsdns.org"])).toEqual([own]);
});

test("a record that someone changed, one that is gone, and a delegation that was removed", async () => {
  const other = await read([{ type: "A", values: ["192.0.2.1"] }], []);
  expect(other).toMatchObject([{ record: "other", delegated: false }]);
  expect(await read([], new Error("ETIMEOUT"))).toMatchObject([
    { record: "missing", delegated: null },
  ]);
});

test("a domain that was added and is not applied yet has neither record nor certificate", async () => {
  const domains = ["api.example.com", "new.example.com"];
  const records = [{ type: "A", values: [balancer] }];
  expect(await read(records, ["ns-1.awsdns.org"], domains)).toEqual([
    own,
    {
      name: "new.example.com",
      record: "missing",
      shared_as: null,
      delegated: true,
      certificate: null,
      record_to_make: null,
    },
  ]);
});

test("other regions' records are no obstacle, and its own says how it shares the name", async () => {
  const theirs = { type: "A", values: ["other"], choice: { policy: "primary", id: "a" } } as const;
  const ours = { type: "A", values: [balancer], choice: { policy: "secondary", id: "b" } } as const;
  const seen = async (records: readonly DnsRecord[], routing: Routing) =>
    (await read(records, [], undefined, routing)).map((one) => [one.record, one.shared_as]);
  expect(await seen([theirs, ours], "secondary")).toEqual([["own", "secondary"]]);
  expect(await seen([theirs], "secondary")).toEqual([["missing", null]]);
  expect(await seen([theirs], "simple")).toEqual([["other", null]]);
});

test("a domain whose zone is elsewhere is looked up, and its record is said while it does not lead here", async () => {
  const look = async (addresses: readonly string[] | Error) => {
    const [found] = await readDomainStatus(
      { domains: ["api.example.org"], routing: "simple", zone: null },
      {
        zones: async () => [],
        records: async () => [],
        leadsTo: async () => ["192.0.2.7"],
        publicDns: {
          nameServers: async () => [],
          issuers: async () => [],
          addresses: async () => {
            if (addresses instanceof Error) throw addresses;
            return addresses;
          },
        },
        certificate: async () => ({
          names: ["api.example.org"],
          status: "waiting",
          expires: undefined,
          trouble: {
            problem: "urn:ietf:params:acme:error:dns - no such name",
            nextTry: new Date("2026-06-01T12:01:00Z"),
          },
        }),
      },
      now,
    );
    return found;
  };
  expect(await look(["192.0.2.7"])).toMatchObject({
    record: "own",
    record_to_make: null,
    certificate: {
      status: "waiting",
      problem: "no such name (dns)",
      next_try: "2026-06-01T12:01:00.000Z",
      next: expect.stringContaining("make the record api.example.org.  60  A  192.0.2.7"),
    },
  });
  const wanted = "api.example.org.  60  A  192.0.2.7";
  expect(await look(["192.0.2.7", "192.0.2.8"])).toMatchObject({
    record: "other",
    record_to_make: wanted,
  });
  expect(await look([])).toMatchObject({ record: "missing", record_to_make: wanted });
  expect(await look(new Error("ETIMEOUT"))).toMatchObject({ record: "unknown" });
});
