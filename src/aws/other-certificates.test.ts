import {
  type ListCertificatesCommand,
  ListTagsForCertificateCommand,
  type CertificateSummary,
} from "@aws-sdk/client-acm";
import { expect, test } from "vitest";
import type { AwsClients } from "./clients.ts";
import { otherCertificates } from "./other-certificates.ts";

const owner = { name: "app", environment: "production", region: "eu-west-1" };
const tags = [
  { Key: "infer-deploy:name", Value: "app" },
  { Key: "infer-deploy:environment", Value: "production" },
];

/** ACM in each region: certificates with their tags, a page for each. Only the key types that are asked for are listed. */
function account(
  regions: Readonly<Record<string, readonly (CertificateSummary & { readonly tagged?: true })[]>>,
) {
  const acm = async (region = owner.region) => {
    const certificates = (regions[region] ?? []).map((one, index) => ({
      CertificateArn: `${region}-${index}`,
      KeyAlgorithm: "RSA_2048",
      ...one,
    }));
    return {
      send: async (command: unknown) => {
        if (command instanceof ListTagsForCertificateCommand) {
          const { CertificateArn } = command.input;
          const found = certificates.find((one) => one.CertificateArn === CertificateArn);
          return { Tags: found?.tagged === true ? tags : [] };
        }
        const { Includes, NextToken } = (command as ListCertificatesCommand).input;
        const types: readonly string[] = Includes?.keyTypes ?? ["RSA_1024", "RSA_2048"];
        const listed = certificates.filter(({ KeyAlgorithm = "" }) => types.includes(KeyAlgorithm));
        const at = Number(NextToken ?? 0);
        return {
          CertificateSummaryList: listed.slice(at, at + 1),
          ...(at + 1 < listed.length ? { NextToken: String(at + 1) } : {}),
        };
      },
    };
  };
  const Regions = Object.keys(regions).map((RegionName) => ({ RegionName }));
  const ec2 = async () => ({ send: async () => ({ Regions }) });
  return { acm, ec2 } as unknown as Pick<AwsClients, "acm" | "ec2">;
}

const domain = "api.example.com";
const ask = async (regions: Parameters<typeof account>[0]) =>
  otherCertificates(account(regions), owner, domain);

test("the stack's own certificate, and those of other domains, do not count", async () => {
  const found = await ask({
    "eu-west-1": [
      { DomainName: domain, tagged: true },
      { DomainName: "example.com" },
      { DomainName: "*.example.com" },
      { DomainName: domain, Type: "IMPORTED" },
    ],
    "us-east-1": [],
  });
  expect(found).toEqual([]);
});

test.each<[string, CertificateSummary]>([
  ["its name", { DomainName: domain }],
  ["its wildcard", { DomainName: `*.${domain}` }],
  [
    "one of several names",
    { DomainName: "x.org", SubjectAlternativeNameSummaries: ["x.org", domain] },
  ],
  ["another kind of key", { DomainName: domain, KeyAlgorithm: "EC_prime256v1" }],
])("another certificate counts in any region: %s", async (_, certificate) => {
  const own = { DomainName: domain, tagged: true } as const;
  expect(await ask({ "eu-west-1": [own, certificate] })).toEqual(["eu-west-1-1"]);
  expect(await ask({ "eu-west-1": [own], "us-east-1": [certificate] })).toEqual(["us-east-1-0"]);
});

test("the certificate of the same stack in another region is another one", async () => {
  const own = { DomainName: domain, tagged: true } as const;
  expect(await ask({ "eu-west-1": [own], "eu-central-1": [own] })).toEqual(["eu-central-1-0"]);
});
