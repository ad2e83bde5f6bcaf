import { GetInstanceProfileCommand, GetRoleCommand } from "@aws-sdk/client-iam";
import { unlessGone } from "../unless-gone.ts";
import { hasTags, type Question } from "./question.ts";

/** The roles and the instance profile, which are not in a region's tag index. AWS deletes no role that still has an inline policy. */
export const roles: Question = {
  service: "iam",
  kinds: ["role", "instance-profile"],
  ask: async (aws, stack) => {
    const iam = await aws.iam();
    const { instance_role: name, flow_log_role: flow } = stack.names;
    const [role, profile, flowRole] = await Promise.all([
      unlessGone(iam.send(new GetRoleCommand({ RoleName: name }))),
      unlessGone(iam.send(new GetInstanceProfileCommand({ InstanceProfileName: name }))),
      unlessGone(iam.send(new GetRoleCommand({ RoleName: flow }))),
    ]);
    return [
      ...(hasTags(stack, role?.Role?.Tags) ? [`IAM role ${name}`] : []),
      ...(hasTags(stack, profile?.InstanceProfile?.Tags) ? [`IAM instance profile ${name}`] : []),
      ...(hasTags(stack, flowRole?.Role?.Tags) ? [`IAM role ${flow}`] : []),
    ];
  },
};
