import { GetParametersCommand } from "@aws-sdk/client-ssm";
import type { Question } from "../question.ts";

export const parameters: Question = {
  service: "ssm",
  kinds: ["parameter"],
  ask: async (aws, _stack, listed) => {
    const ssm = await aws.ssm();
    const found: string[] = [];
    for (let start = 0; start < listed.length; start += batch) {
      // The ARN has one slash between the kind and the name, which begins with one.
      const Names = listed.slice(start, start + batch).map(({ id }) => `/${id.replace(/^\//, "")}`);
      const answer = await ssm.send(new GetParametersCommand({ Names }));
      found.push(...(answer.Parameters ?? []).map(({ ARN }) => ARN ?? "an SSM parameter"));
    }
    return found;
  },
};

/** GetParameters takes 10 names. It leaves out those that do not exist. */
const batch = 10;
