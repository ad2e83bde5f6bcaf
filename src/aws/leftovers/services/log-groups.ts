import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { thatExist, type Question } from "../question.ts";

export const logGroups: Question = {
  service: "logs",
  kinds: ["log-group"],
  ask: async (aws, _stack, listed) => {
    const logs = await aws.cloudWatchLogs();
    return thatExist(listed, async ({ id }) => {
      const name = id.replace(/:\*$/, "");
      const answer = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }));
      // In the order of their names, so the group with the whole name comes first.
      return answer.logGroups?.[0]?.logGroupName === name;
    });
  },
};
