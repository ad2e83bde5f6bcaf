import { DescribeInstanceAttributeCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import type { RegionClients } from "../observe/region-clients.ts";
import type { InstanceCloud } from "./apply-instance-action.ts";

export function connectInstances(clientsOf: (region: string) => RegionClients): InstanceCloud {
  return {
    userData: async (region, id) => {
      const command = new DescribeInstanceAttributeCommand({
        InstanceId: id,
        Attribute: "userData",
      });
      const answer = await clientsOf(region).ec2.send(command);
      return Buffer.from(answer.UserData?.Value ?? "", "base64");
    },
    terminate: async (region, id) => {
      await clientsOf(region).ec2.send(new TerminateInstancesCommand({ InstanceIds: [id] }));
    },
  };
}
