import { GetTopicAttributesCommand } from "@aws-sdk/client-sns";
import { unlessGone } from "../unless-gone.ts";
import { thatExist, type Question } from "./question.ts";

/** A topic's subscriptions go with it. */
export const topics: Question = {
  service: "sns",
  // A topic's ARN ends in its name.
  kinds: [""],
  ask: async (aws, _stack, listed) => {
    const sns = await aws.sns();
    return thatExist(listed, async ({ text }) => {
      const answer = await unlessGone(sns.send(new GetTopicAttributesCommand({ TopicArn: text })));
      return answer?.Attributes !== undefined;
    });
  },
};
