import { expect, test } from "vitest";
import { listener } from "../../test/_helpers/listener.ts";
import { keepSharedRecords } from "./shared-records.ts";

test("only the validation records that another certificate needs stay", async () => {
  const reporter = listener(false);
  const removed: string[] = [];
  const stateRemove = async (addresses: readonly string[]) => void removed.push(...addresses);
  const record = (name: string) => `module.dns.aws_route53_record.validation["${name}"]`;
  const addresses = [
    record("api.example.com"),
    record("www.example.com"),
    'module.address.aws_route53_record.this["www.example.com"]',
  ];
  const again = await keepSharedRecords(
    {
      reporter,
      otherCertificates: async (domain) => (domain === "www.example.com" ? ["arn:acm:other"] : []),
    },
    { terraform: { stateRemove } } as never,
    { changes: addresses.map((address) => ({ address, action: "delete" })) } as never,
  );
  expect(again).toBe(true);
  expect(removed).toEqual([record("www.example.com")]);
  expect(reporter.warnings()).toEqual([
    "the validation record of www.example.com in Route53 stays, because other certificates renew by it: arn:acm:other",
  ]);
});
