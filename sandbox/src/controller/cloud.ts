import { DescribeInstanceAttributeCommand, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import type { RegionClients } from "./clients.ts";
import type { InstanceCloud } from "./instances/apply.ts";

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
