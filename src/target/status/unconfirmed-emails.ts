import { confirmedEmails } from "../../aws/account/confirmed-emails.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { Target } from "../target.ts";
import { orWarn, type WarnDeps } from "./or-warn.ts";

/** The configuration's addresses that get no alerts yet. */
export async function unconfirmedEmails(
  deps: WarnDeps,
  { aws, config }: Pick<Target, "aws" | "config">,
  { outputs }: Pick<StackRecord, "outputs">,
): Promise<readonly string[]> {
  const topic = outputs.alerts?.topic_arn ?? null;
  const emails = config.alerts?.emails ?? [];
  if (topic === null || emails.length === 0) return [];
  const confirmed = await orWarn(deps, "the addresses of alerts could not be checked", async () =>
    confirmedEmails(await aws.sns(), topic),
  );
  return confirmed === undefined ? [] : emails.filter((email) => !confirmed.has(email));
}
