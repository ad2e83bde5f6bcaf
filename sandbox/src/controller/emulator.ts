import { controllerCredentials, sandboxHeaders } from "../client/sandbox-key.ts";
import type { SandboxState } from "../client/sandbox-state.ts";
import { readWeather } from "../client/weather.ts";
import type { Weather } from "../client/weather-text.ts";
import type { AuthorityAnswer } from "./authority/authority-model.ts";
import { readEdge, type EdgeAnswer, type EdgeView } from "./edge/edge-view.ts";
import type { MatchedRequest } from "./firewall/match-line.ts";
import { readWebAcl, type WebAclAnswer, type WebAclView } from "./firewall/web-acl.ts";
import type { SandboxSession } from "./sessions/session-program.ts";
import type { ReportedHealth } from "./balancer/target-health.ts";

/** The emulator's additions to AWS's API that the controller uses. */
export interface Emulator {
  /** Listener ARN -> its loopback port, in all regions. */
  readonly listenerPorts: () => Promise<ReadonlyMap<string, number>>;
  readonly reportHealth: (
    health: Readonly<Record<string, Readonly<Record<string, ReportedHealth>>>>,
  ) => Promise<void>;
  /** The conditions that are on, also those that the emulator itself acts on. */
  readonly weather: () => Promise<Weather>;
  /** Load balancer ARN -> its web ACL, in all regions. */
  readonly webAcls: () => Promise<ReadonlyMap<string, WebAclView>>;
  /** Where the instances are: instance id -> the address of its running container. */
  readonly reportInstances: (addresses: ReadonlyMap<string, string>) => Promise<void>;
  readonly authority: () => Promise<AuthorityAnswer>;
  /** What StartSession has noted. It is found once. */
  readonly session: (id: string) => Promise<SandboxSession>;
  /** On which loopback port the controller serves sessions. */
  readonly reportSessionPort: (port: number) => Promise<void>;
  /** CloudFront's distributions. */
  readonly edges: () => Promise<readonly EdgeView[]>;
  /** Adds to what GetSampledRequests answers. */
  readonly reportMatches: (requests: readonly MatchedRequest[]) => Promise<void>;
  /** Changes a group's size as a policy does. `cause`: for the group's activities. */
  readonly resize: (order: {
    readonly region: string;
    readonly group: string;
    readonly desired: number;
    readonly cause: string;
  }) => Promise<void>;
  /** The host names of an ACM certificate. */
  readonly certificateDomains: (arn: string) => Promise<string[]>;
}

export function connectEmulator(state: Pick<SandboxState, "endpoint" | "key" | "name">): Emulator {
  const { endpoint } = state;
  const { accessKeyId } = controllerCredentials(state);
  const headers = sandboxHeaders(state);
  return {
    listenerPorts: async () => {
      const answer = await call<Record<string, { readonly port: number }>>(
        `${endpoint}/_sandbox/listeners`,
        { method: "GET", headers },
      );
      return new Map(Object.entries(answer).map(([arn, { port }]) => [arn, port]));
    },
    reportHealth: async (health) => {
      await call(`${endpoint}/_sandbox/target-health`, {
        method: "PUT",
        headers,
        body: JSON.stringify(health),
      });
    },
    reportInstances: async (addresses) => {
      await call(`${endpoint}/_sandbox/instance-addresses`, {
        method: "PUT",
        headers,
        body: JSON.stringify(Object.fromEntries(addresses)),
      });
    },
    session: async (id) =>
      call(`${endpoint}/_sandbox/session?id=${encodeURIComponent(id)}`, { method: "GET", headers }),
    reportSessionPort: async (port) => {
      await call(`${endpoint}/_sandbox/session-port`, {
        method: "PUT",
        headers,
        body: JSON.stringify({ port }),
      });
    },
    authority: async () => call(`${endpoint}/_sandbox/authority`, { method: "GET", headers }),
    webAcls: async () => {
      const answer = await call<Record<string, WebAclAnswer>>(`${endpoint}/_sandbox/web-acls`, {
        method: "GET",
        headers,
      });
      return new Map(Object.entries(answer).map(([arn, acl]) => [arn, readWebAcl(acl)]));
    },
    edges: async () => {
      const answer = await call<{ readonly distributions: readonly EdgeAnswer[] }>(
        `${endpoint}/_sandbox/distributions`,
        { method: "GET", headers },
      );
      return answer.distributions.map(readEdge);
    },
    reportMatches: async (requests) => {
      await call(`${endpoint}/_sandbox/sampled-requests`, {
        method: "PUT",
        headers,
        body: JSON.stringify({ requests }),
      });
    },
    resize: async (order) => {
      await call(`${endpoint}/_sandbox/desired-capacity`, {
        method: "PUT",
        headers,
        body: JSON.stringify(order),
      });
    },
    weather: async () => readWeather(state),
    certificateDomains: async (arn) => {
      const region = arn.split(":")[3] ?? "us-east-1";
      // One call to one service is not worth an SDK client. The emulator reads the region and the key from the signature and checks nothing else in it.
      const answer = await call<{
        readonly Certificate: {
          readonly DomainName: string;
          readonly SubjectAlternativeNames?: string[];
        };
      }>(endpoint, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "CertificateManager.DescribeCertificate",
          authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/acm/aws4_request, SignedHeaders=host, Signature=0`,
        },
        body: JSON.stringify({ CertificateArn: arn }),
      });
      return [
        ...new Set([
          answer.Certificate.DomainName,
          ...(answer.Certificate.SubjectAlternativeNames ?? []),
        ]),
      ];
    },
  };
}

async function call<T>(url: string, request: RequestInit): Promise<T> {
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(callMilliseconds) });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${request.method ?? "GET"} ${url}: ${response.status} ${text.slice(0, 200)}`);
  return (text === "" ? {} : JSON.parse(text)) as T;
}

const callMilliseconds = 10_000;
