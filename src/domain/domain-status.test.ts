import { expect, test } from "vitest";
import type { DnsRecord } from "../aws/dns/hosted-zones.ts";
import { readDomainStatus } from "./domain-status.ts";

const now = new Date("2026-06-01T12:00:00Z");
const balancer = "app-production-1.eu-west-1.elb.amazonaws.com";

async function read(records: readonly DnsRecord[], seen: readonly string[] | Error) {
  return readDomainStatus(
    { domain: "api.example.com", zone: "example.com" },
    {
      zones: async () => [
        { id: "Z1", name: "example.com", isPrivate: false, nameServers: ["ns-1.awsdns.org"] },
      ],
      records: async () => records,
      loadBalancerName: async () => balancer,
      publicDns: {
        nameServers: async () => {
          if (seen instanceof Error) throw seen;
          return seen;
        },
        issuers: async () => [],
      },
      certificate: async () => ({
        arn: "arn",
        status: "ISSUED",
        expires: new Date("2026-07-01T11:00:00Z"),
      }),
    },
    now,
  );
}

test("as up left it", async () => {
  expect(await read([{ type: "A", values: [balancer] }], ["ns-1.awsdns.org"])).toEqual({
    name: "api.example.com",
    record: "own",
    delegated: true,
    certificate: { status: "ISSUED", expires: "2026-07-01T11:00:00.000Z", days_left: 29 },
  });
});

test("a record that someone changed, one that is gone, and a delegation that was removed", async () => {
  const other = await read([{ type: "A", values: ["192.0.2.1"] }], []);
  expect(other).toMatchObject({ record: "other", delegated: false });
  expect(await read([], new Error("ETIMEOUT"))).toMatchObject({
    record: "missing",
    delegated: null,
  });
});
