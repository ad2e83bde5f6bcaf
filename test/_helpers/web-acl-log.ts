import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { PutLoggingConfigurationCommand } from "@aws-sdk/client-wafv2";
import { sandboxCredentials } from "../../sandbox/src/client/sandbox-key.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";
import type { WebAcl } from "./web-acl.ts";

/** A record of AWS WAF's log, as far as a test looks at it. */
export interface LogRecord {
  readonly action: string;
  readonly terminatingRuleId: string;
  readonly webaclId: string;
  readonly ruleGroupList: readonly {
    readonly terminatingRule: { readonly ruleId: string } | null;
  }[];
  readonly httpRequest: {
    readonly uri: string;
    readonly args: string;
    readonly headers: readonly { readonly name: string; readonly value: string }[];
  };
}

/** Logs blocked and counted requests as templates/terraform/modules/waf does. Resolves to what reads the records. */
export async function logRequests(
  state: SandboxState,
  { arn, client }: Pick<WebAcl, "arn" | "client">,
): Promise<() => Promise<readonly LogRecord[]>> {
  const { endpoint } = state;
  const region = "us-east-1";
  const logs = new CloudWatchLogsClient({
    region,
    endpoint,
    credentials: sandboxCredentials(state),
  });
  const group = "aws-waf-logs-demo";
  await logs.send(new CreateLogGroupCommand({ logGroupName: group }));
  const Conditions = (["BLOCK", "COUNT"] as const).map((Action) => ({
    ActionCondition: { Action },
  }));
  await client.send(
    new PutLoggingConfigurationCommand({
      LoggingConfiguration: {
        ResourceArn: arn,
        LogDestinationConfigs: [`arn:aws:logs:${region}:123456789012:log-group:${group}`],
        RedactedFields: ["authorization", "cookie", "x-api-key"].map((Name) => ({
          SingleHeader: { Name },
        })),
        LoggingFilter: {
          DefaultBehavior: "DROP",
          Filters: [{ Behavior: "KEEP", Requirement: "MEETS_ANY", Conditions }],
        },
      },
    }),
  );
  return async () => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: group }));
    return events.map(({ message = "" }) => JSON.parse(message) as LogRecord);
  };
}
