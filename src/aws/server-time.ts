import {
  DescribeAutoScalingGroupsCommand,
  type AutoScalingClient,
} from "@aws-sdk/client-auto-scaling";

/**
 * Auto Scaling's own clock; this machine's where the answer has no time. AWS refuses a schedule in its past, so its clock counts.
 * Throws the SDK's own errors.
 */
export async function serverTime(autoScaling: Pick<AutoScalingClient, "send">): Promise<Date> {
  const command = new DescribeAutoScalingGroupsCommand({ MaxRecords: 1 });
  let date: string | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      date = (result.response as Answer).headers?.["date"];
      return result;
    },
    { step: "deserialize", name: "dateOfAnswer" },
  );
  await autoScaling.send(command);
  const time = Date.parse(date ?? "");
  return Number.isNaN(time) ? new Date() : new Date(time);
}

interface Answer {
  readonly headers?: Readonly<Record<string, string>>;
}
