import { paginateListSubscriptionsByTopic, type SNSClient } from "@aws-sdk/client-sns";

/** The addresses of a topic whose readers have confirmed. SNS lists the others as pending, for two days. Throws the SDK's own errors. */
export async function confirmedEmails(
  sns: SNSClient,
  topicArn: string,
): Promise<ReadonlySet<string>> {
  const confirmed = new Set<string>();
  for await (const page of paginateListSubscriptionsByTopic(
    { client: sns },
    { TopicArn: topicArn },
  )) {
    for (const { Endpoint, Protocol, SubscriptionArn = "" } of page.Subscriptions ?? []) {
      // Instead of an ARN, others have "PendingConfirmation" or "Deleted".
      if (Protocol === "email" && Endpoint !== undefined && SubscriptionArn.startsWith("arn:"))
        confirmed.add(Endpoint);
    }
  }
  return confirmed;
}
