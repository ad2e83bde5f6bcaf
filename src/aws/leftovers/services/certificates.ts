import { DescribeCertificateCommand } from "@aws-sdk/client-acm";
import { unlessGone } from "../../unless-gone.ts";
import { thatExist, type Question } from "../question.ts";

export const certificates: Question = {
  service: "acm",
  kinds: ["certificate"],
  ask: async (aws, _stack, listed) => {
    const acm = await aws.acm();
    return thatExist(listed, async ({ text }) => {
      const answer = await unlessGone(
        acm.send(new DescribeCertificateCommand({ CertificateArn: text })),
      );
      return answer?.Certificate !== undefined;
    });
  },
};
