import { DescribeCertificateCommand, type ACMClient } from "@aws-sdk/client-acm";
import {
  DescribeListenersCommand,
  type ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";

/** The certificate that the address shows. */
export interface Certificate {
  /** The domains that it is for. */
  readonly names: readonly string[];
  readonly status: string;
  /** undefined while it is not issued. */
  readonly expires: Date | undefined;
  /** Why the newest order of one machine's certificate has failed; undefined when none has. AWS renews its own without a word. */
  readonly trouble?: CertificateTrouble | undefined;
}

export interface CertificateTrouble {
  /** In the authority's words. */
  readonly problem: string;
  readonly nextTry: Date | undefined;
}

/** undefined when the listener has none. */
export async function listenerCertificate(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  acm: Pick<ACMClient, "send">,
  listenerArn: string,
): Promise<Certificate | undefined> {
  const { Listeners: [listener] = [] } = await loadBalancing.send(
    new DescribeListenersCommand({ ListenerArns: [listenerArn] }),
  );
  const arn = listener?.Certificates?.[0]?.CertificateArn;
  if (arn === undefined) return undefined;
  const { Certificate: found } = await acm.send(
    new DescribeCertificateCommand({ CertificateArn: arn }),
  );
  const names = [found?.DomainName ?? "", ...(found?.SubjectAlternativeNames ?? [])];
  return { names, status: found?.Status ?? "", expires: found?.NotAfter };
}
