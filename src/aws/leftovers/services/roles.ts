import { GetInstanceProfileCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import { unlessGone } from "../../unless-gone.ts";
import { hasTags, type Question } from "../question.ts";

/** The roles and the instance profile, which are not in a region's tag index. AWS deletes no role that still has an inline policy. */
export const roles: Question = {
  service: "iam",
  kinds: ["role", "instance-profile"],
  ask: async (aws, stack) => {
    const iam = await aws.iam();
    const { instance_role: name, flow_log_role: flow, github_roles: github } = stack.names;
    const [profile, ...found] = await Promise.all([
      unlessGone(iam.send(new GetInstanceProfileCommand({ InstanceProfileName: name }))),
      ...[name, flow, ...Object.values(github)].map(async (role) => {
        const answer = await unlessGone(iam.send(new GetRoleCommand({ RoleName: role })));
        return hasTags(stack, answer?.Role?.Tags) ? [`IAM role ${role}`] : [];
      }),
    ]);
    return [
      ...found.flat(),
      ...(hasTags(stack, profile?.InstanceProfile?.Tags) ? [`IAM instance profile ${name}`] : []),
    ];
  },
};
