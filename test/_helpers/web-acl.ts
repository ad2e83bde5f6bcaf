import { request } from "node:http";
import {
  AssociateWebACLCommand,
  CreateWebACLCommand,
  GetSampledRequestsCommand,
  GetWebACLCommand,
  type Rule,
  type SampledHTTPRequest,
  UpdateWebACLCommand,
  WAFUnavailableEntityException,
  WAFV2Client,
} from "@aws-sdk/client-wafv2";
import { sandboxCredentials } from "../../sandbox/src/client/sandbox-key.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";
import { eventually } from "./sandbox-home.ts";

/** A web ACL with the rules of templates/terraform/modules/waf in a sandbox, made by the SDK alone. */
export interface WebAcl {
  readonly arn: string;
  readonly client: WAFV2Client;
  /** As Terraform does: a new web ACL is unavailable for a while. */
  readonly associate: (loadBalancerArn: string) => Promise<void>;
  /** `limit`: requests of an address in a minute. */
  readonly change: (mode: "block" | "count", limit?: number) => Promise<void>;
  /** Of a rule, by its metric. */
  readonly samples: (rule: string, from: Date) => Promise<SampledHTTPRequest[]>;
  /** The rules of AWS's groups that have blocked a request. */
  readonly blockedBy: (from: Date) => Promise<string[]>;
}

export async function createWebAcl(state: SandboxState): Promise<WebAcl> {
  const { endpoint } = state;
  const credentials = sandboxCredentials(state);
  const client = new WAFV2Client({ region: "us-east-1", endpoint, credentials });
  const { Summary } = await client.send(
    new CreateWebACLCommand({ Name: "demo", Scope: "REGIONAL", ...settings("block") }),
  );
  const which = { Name: "demo", Id: Summary?.Id, Scope: "REGIONAL" } as const;
  const samples = async (rule: string, from: Date) => {
    const answer = await client.send(
      new GetSampledRequestsCommand({
        WebAclArn: Summary?.ARN,
        RuleMetricName: rule,
        Scope: "REGIONAL",
        TimeWindow: { StartTime: from, EndTime: new Date(Date.now() + 1000) },
        MaxItems: 500,
      }),
    );
    return answer.SampledRequests ?? [];
  };
  const tryAssociate = async (ResourceArn: string) => {
    try {
      await client.send(new AssociateWebACLCommand({ WebACLArn: Summary?.ARN, ResourceArn }));
      return true;
    } catch (error) {
      if (error instanceof WAFUnavailableEntityException) return false;
      throw error;
    }
  };
  return {
    arn: Summary?.ARN ?? "",
    client,
    associate: async (arn) => {
      await eventually(
        () => tryAssociate(arn),
        (done) => done,
      );
    },
    change: async (mode, limit) => {
      const { LockToken } = await client.send(new GetWebACLCommand(which));
      await client.send(new UpdateWebACLCommand({ ...which, LockToken, ...settings(mode, limit) }));
    },
    samples,
    blockedBy: async (from) => {
      const groups = ["KnownBadInputs", "Common", "SQLi"].map((g) => `AWSManagedRules${g}RuleSet`);
      const found = await Promise.all(groups.map((group) => samples(group, from)));
      return found
        .flat()
        .filter(({ Action }) => Action === "BLOCK")
        .map(innerName);
    },
  };
}

/** GenericLFI_BODY of AWS#GROUP#GenericLFI_BODY. */
export function innerName({ RuleNameWithinRuleGroup = "" }: SampledHTTPRequest): string {
  return RuleNameWithinRuleGroup.split("#").at(-1) ?? "";
}

function settings(mode: "block" | "count", limit = 100_000) {
  const visible = (MetricName: string) => ({
    SampledRequestsEnabled: true,
    CloudWatchMetricsEnabled: true,
    MetricName,
  });
  const count = { Count: {} };
  const group = (Name: string, Priority: number, counted: readonly string[]): Rule => ({
    Name,
    Priority,
    OverrideAction: mode === "count" ? count : { None: {} },
    Statement: {
      ManagedRuleGroupStatement: {
        VendorName: "AWS",
        Name,
        RuleActionOverrides: counted.map((rule) => ({ Name: rule, ActionToUse: count })),
      },
    },
    VisibilityConfig: visible(Name),
  });
  const rate: Rule = {
    Name: "rate",
    Priority: 5,
    Action: mode === "count" ? count : { Block: { CustomResponse: { ResponseCode: 429 } } },
    Statement: {
      RateBasedStatement: { Limit: limit, AggregateKeyType: "IP", EvaluationWindowSec: 60 },
    },
    VisibilityConfig: visible("rate"),
  };
  const bodies = ["CrossSiteScripting", "EC2MetaDataSSRF", "GenericLFI", "GenericRFI"];
  return {
    DefaultAction: { Allow: {} },
    VisibilityConfig: visible("demo"),
    Rules: [
      group("AWSManagedRulesAmazonIpReputationList", 1, []),
      group("AWSManagedRulesKnownBadInputsRuleSet", 2, [
        "JavaDeserializationRCE_BODY",
        "Log4JRCE_BODY",
      ]),
      group("AWSManagedRulesCommonRuleSet", 3, [
        ...bodies.map((rule) => `${rule}_BODY`),
        "SizeRestrictions_BODY",
        "NoUserAgent_HEADER",
      ]),
      group("AWSManagedRulesSQLiRuleSet", 4, ["SQLi_BODY", "SQLiExtendedPatterns_BODY"]),
      rate,
    ],
  };
}

export interface Asked {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent by POST. */
  readonly body?: string;
  /** Null: no User-Agent. */
  readonly agent?: null;
}

/** By node:http, because fetch changes paths and always sends a User-Agent. */
export function ask(url: string, { path = "/", headers = {}, body, agent }: Asked) {
  const { hostname, port } = new URL(url);
  const agents = agent === null ? {} : { "user-agent": "e2e/1.0" };
  return new Promise<{ readonly status: number; readonly body: string }>((resolve, reject) => {
    const sent = request(
      {
        hostname,
        port,
        path,
        method: body === undefined ? "GET" : "POST",
        headers: {
          ...agents,
          ...(body === undefined ? {} : { "content-length": Buffer.byteLength(body) }),
          ...headers,
        },
        timeout: 20_000,
      },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (part: string) => (text += part));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", reject);
    sent.end(body);
  });
}
