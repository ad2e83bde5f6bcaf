import type { Deps } from "../../deps.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { Target } from "../target.ts";

/** The configuration's addresses that get no alerts yet. A verb works without this when SNS cannot be asked. */
export async function unconfirmedEmails(
  deps: Pick<Deps, "reporter">,
  { aws, config }: Pick<Target, "aws" | "config">,
  { outputs }: Pick<StackRecord, "outputs">,
): Promise<readonly string[]> {
  const topic = outputs.alerts?.topic_arn ?? null;
  const emails = config.alerts?.emails ?? [];
  if (topic === null || emails.length === 0) return [];
  const { confirmedEmails } = await import("../../aws/account/confirmed-emails.ts");
  const { describeLine } = await import("../../errors/describe.ts");
  try {
    const confirmed = await confirmedEmails(await aws.sns(), topic);
    return emails.filter((email) => !confirmed.has(email));
  } catch (error) {
    const text = `the addresses of alerts could not be checked: ${describeLine(error)}`;
    deps.reporter.notify({ type: "warning", text });
    return [];
  }
}
