import { expect, test } from "vitest";
import { refusalOf } from "../../test/_helpers/refusal.ts";
import type { DnsRecord, RecordChoice } from "../aws/dns/hosted-zones.ts";
import type { Routing } from "../config/schema/edge/routing.ts";
import { refuseForeignRecords, type OwnRecord } from "./judge-records.ts";

const here = "app-dublin-1.eu-west-1.elb.amazonaws.com";
const there = "app-frankfurt-1.eu-central-1.elb.amazonaws.com";

const own = (routing: Routing, target: string | undefined = here): OwnRecord => ({
  targets: target === undefined ? [] : [target],
  routing,
  id: "dublin-eu-west-1",
  region: "eu-west-1",
});
const record = (choice?: RecordChoice, target = there): DnsRecord => ({
  type: "A",
  values: [target],
  ...(choice === undefined ? {} : { choice }),
});
const other = (policy: RecordChoice["policy"], id = "frankfurt-eu-central-1"): RecordChoice => ({
  policy,
  id,
  ...(policy === "latency" ? { region: "eu-central-1" } : {}),
});
const judge = (records: readonly DnsRecord[], mine: OwnRecord) => {
  refuseForeignRecords("api.example.com", records, mine);
};

test.each<[Routing, RecordChoice["policy"]]>([
  ["latency", "latency"],
  ["primary", "secondary"],
  ["secondary", "primary"],
])("%s shares the name with a %s, before its own record is there and after", (mine, policy) => {
  judge([record(other(policy))], own(mine, undefined));
  judge(
    [record(other(policy)), record(other(mine as "latency", "dublin-eu-west-1"), here)],
    own(mine),
  );
});

test("its own record alone may change its policy", () => {
  judge([record(undefined, here)], own("latency"));
  judge([record(other("latency", "dublin-eu-west-1"), here)], own("simple"));
});

test.each<[string, Routing, DnsRecord, string, string]>([
  [
    "a stack that does not share",
    "latency",
    record(),
    "api.example.com has a record that is not shared with other regions.",
    "set routing: latency in the environment of that stack and run infer-deploy up there first",
  ],
  [
    "a primary where this stack would be one",
    "primary",
    record(other("primary")),
    "api.example.com has a primary already, and it is not this stack.",
    "set routing: secondary here, or delete the record",
  ],
  [
    "a second secondary",
    "secondary",
    record(other("secondary")),
    "api.example.com has a secondary already",
    "set routing: primary here",
  ],
  [
    "latency next to failover",
    "latency",
    record(other("primary")),
    "api.example.com is shared with other regions by routing: primary.",
    "set routing: secondary here, or choose another domain",
  ],
  [
    "failover next to latency",
    "secondary",
    record(other("latency")),
    "api.example.com is shared with other regions by routing: latency.",
    "set routing: latency here, or choose another domain",
  ],
  [
    "a stack that would not share",
    "simple",
    record(other("latency")),
    "api.example.com is shared with other regions by routing: latency.",
    "set routing: latency here, or choose another domain",
  ],
  [
    "two records of one region",
    "latency",
    record({ ...other("latency", "staging-eu-west-1"), region: "eu-west-1" }),
    "api.example.com has a latency record of eu-west-1 already",
    "use another region",
  ],
  [
    "weights, which are another program's",
    "latency",
    record(other("other")),
    "api.example.com has an address already, and it is not this stack's.",
    "choose another domain",
  ],
  [
    "an address of something else",
    "primary",
    { type: "A", values: ["192.0.2.1"] },
    "api.example.com has an address already, and it is not this stack's.",
    "choose another domain",
  ],
])("%s is refused", (_, mine, found, message, next) => {
  const error = refusalOf(() => judge([found], own(mine)));
  expect(error).toMatchObject({
    exitCode: 64,
    where: "domain: api.example.com in infer-deploy.yml",
    message: expect.stringContaining(message) as string,
    next: expect.stringContaining(next) as string,
  });
  expect(error.detail).toHaveLength(1);
});

test("primary and secondary leave no place for a third", () => {
  const both = [record(other("primary")), record(other("secondary", "oslo-eu-north-1"))];
  const { message, next, detail } = refusalOf(() => judge(both, own("latency")));
  expect(message).toContain("by routing: primary and secondary.");
  expect(next).toBe("choose another domain");
  expect(detail).toEqual([
    `api.example.com.  A  ${there}  primary frankfurt-eu-central-1`,
    `api.example.com.  A  ${there}  secondary oslo-eu-north-1`,
  ]);
});
