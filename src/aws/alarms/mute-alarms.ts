import {
  DisableAlarmActionsCommand,
  EnableAlarmActionsCommand,
  type CloudWatchClient,
} from "@aws-sdk/client-cloudwatch";

/** Whether alarms send their messages when their state changes. The states change all the same. Throws the SDK's own errors. */
export async function setAlarmMessages(
  cloudWatch: Pick<CloudWatchClient, "send">,
  names: readonly string[],
  isOn: boolean,
): Promise<void> {
  for (let start = 0; start < names.length; start += mostNames) {
    const AlarmNames = names.slice(start, start + mostNames);
    await (isOn
      ? cloudWatch.send(new EnableAlarmActionsCommand({ AlarmNames }))
      : cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames })));
  }
}

/** DisableAlarmActions in CloudWatch's API reference. */
const mostNames = 100;
