import { DescribeRepositoriesCommand } from "@aws-sdk/client-ecr";
import { unlessGone } from "../../unless-gone.ts";
import { thatExist, type Question } from "../question.ts";

export const repositories: Question = {
  service: "ecr",
  kinds: ["repository"],
  ask: async (aws, _stack, listed) => {
    const ecr = await aws.ecr();
    return thatExist(listed, async ({ id }) => {
      const answer = await unlessGone(
        ecr.send(new DescribeRepositoriesCommand({ repositoryNames: [id] })),
      );
      return (answer?.repositories ?? []).length > 0;
    });
  },
};
