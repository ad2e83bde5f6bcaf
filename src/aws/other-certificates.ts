import {
  ListCertificatesCommand,
  ListTagsForCertificateCommand,
  type ACMClient,
  type CertificateSummary,
} from "@aws-sdk/client-acm";
import { DescribeRegionsCommand } from "@aws-sdk/client-ec2";
import type { AwsClients } from "./clients.ts";
import { everyItem } from "./every-item.ts";
import { hasTags } from "./leftovers/question.ts";
import { unlessGone } from "./unless-gone.ts";

/** The stack whose own certificate does not count. */
export interface CertificateOwner {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
}

/**
 * ARNs of the account's other certificates that prove the same domain. All certificates of a domain in an account, whatever their region,
 * renew by one DNS record (ACM user guide, "DNS validation"), and so do those of the domain's wildcard. Throws the SDK's own errors.
 */
export async function otherCertificates(
  aws: Pick<AwsClients, "acm" | "ec2">,
  owner: CertificateOwner,
  domain: string,
): Promise<readonly string[]> {
  // Without AllRegions these are the account's enabled ones.
  const { Regions = [] } = await (await aws.ec2()).send(new DescribeRegionsCommand({}));
  const regions = new Set([
    owner.region,
    ...Regions.flatMap(({ RegionName }) => (RegionName === undefined ? [] : [RegionName])),
  ]);
  const found = await Promise.all(
    [...regions].map(async (region) => {
      const acm = await aws.acm(region);
      const arns = (await listCertificates(acm))
        .filter((certificate) => proves(certificate, domain))
        .map(({ CertificateArn = "" }) => CertificateArn);
      return region === owner.region ? withoutOwn(acm, owner, arns) : arns;
    }),
  );
  return found.flat().toSorted();
}

async function listCertificates(
  acm: Pick<ACMClient, "send">,
): Promise<readonly CertificateSummary[]> {
  return everyItem(async (NextToken) => {
    const page = await acm.send(
      new ListCertificatesCommand({
        CertificateStatuses: ["PENDING_VALIDATION", "ISSUED"],
        // Without these, ACM leaves out all but the shorter RSA keys.
        Includes: {
          keyTypes: [
            "RSA_1024",
            "RSA_2048",
            "RSA_3072",
            "RSA_4096",
            "EC_prime256v1",
            "EC_secp384r1",
            "EC_secp521r1",
          ],
        },
        NextToken,
      }),
    );
    return { items: page.CertificateSummaryList, next: page.NextToken };
  });
}

/** ACM renews only what it has issued. */
function proves(
  { DomainName, SubjectAlternativeNameSummaries = [], Type }: CertificateSummary,
  domain: string,
): boolean {
  const base = withoutWildcard(domain);
  return (
    Type !== "IMPORTED" &&
    [DomainName, ...SubjectAlternativeNameSummaries].some(
      (name) => name !== undefined && withoutWildcard(name) === base,
    )
  );
}

function withoutWildcard(name: string): string {
  return name.toLowerCase().replace(/^\*\./, "");
}

async function withoutOwn(
  acm: Pick<ACMClient, "send">,
  owner: CertificateOwner,
  arns: readonly string[],
): Promise<readonly string[]> {
  const kept = await Promise.all(
    arns.map(async (CertificateArn) => {
      const answer = await unlessGone(
        acm.send(new ListTagsForCertificateCommand({ CertificateArn })),
      );
      return answer === undefined || hasTags(owner, answer.Tags) ? [] : [CertificateArn];
    }),
  );
  return kept.flat();
}
