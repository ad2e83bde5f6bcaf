import {
  AllocateAddressCommand,
  AttachInternetGatewayCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateInternetGatewayCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeImagesCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateRoleCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import { sandboxCredentials, sandboxHeaders } from "../../sandbox/src/client/sandbox-key.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";

/** An instance outside of any group, that may take an Elastic IP address. */
export interface AddressedMachine {
  readonly ec2: EC2Client;
  readonly instance: string;
  readonly allocation: string;
  readonly address: string;
}

/**
 * Allocates an address, points the domain at it, and launches a machine in a security group that opens 80 and 443. ALLOCATION in its
 * user data is the address's allocation id.
 */
export async function launchWithAddress(
  state: SandboxState,
  domain: string,
  userData: string,
): Promise<AddressedMachine> {
  const options = {
    region: "us-east-1",
    endpoint: state.endpoint,
    credentials: sandboxCredentials(state),
  };
  const ec2 = new EC2Client(options);
  const allocated = await ec2.send(new AllocateAddressCommand({ Domain: "vpc" }));
  const { AllocationId: allocation = "", PublicIp: address = "" } = allocated;
  await pointAt(state, domain, address);
  const { subnet, group } = await makeNetwork(ec2);
  const profile = await makeProfile(new IAMClient(options));
  const image = (await ec2.send(new DescribeImagesCommand({}))).Images?.[0]?.ImageId;
  const launched = await ec2.send(
    new RunInstancesCommand({
      ImageId: image,
      InstanceType: "t3.small",
      MinCount: 1,
      MaxCount: 1,
      IamInstanceProfile: { Name: profile },
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId: subnet, Groups: [group] }],
      UserData: Buffer.from(userData.replace("ALLOCATION", allocation)).toString("base64"),
    }),
  );
  return { ec2, allocation, address, instance: launched.Instances?.[0]?.InstanceId ?? "" };
}

async function makeNetwork(ec2: EC2Client): Promise<{ subnet: string; group: string }> {
  const made = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.7.0.0/16" }));
  const VpcId = made.Vpc?.VpcId;
  const gateway = await ec2.send(new CreateInternetGatewayCommand({}));
  const InternetGatewayId = gateway.InternetGateway?.InternetGatewayId;
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
  const subnet = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: "10.7.0.0/24" }));
  const door = { GroupName: "door", Description: "door", VpcId };
  const { GroupId = "" } = await ec2.send(new CreateSecurityGroupCommand(door));
  const IpPermissions = [80, 443].map((port) => ({
    IpProtocol: "tcp",
    FromPort: port,
    ToPort: port,
    IpRanges: [{ CidrIp: "0.0.0.0/0" }],
  }));
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  return { subnet: subnet.Subnet?.SubnetId ?? "", group: GroupId };
}

async function makeProfile(iam: IAMClient): Promise<string> {
  const name = "machine";
  const trust = { Version: "2012-10-17", Statement: [] };
  const AssumeRolePolicyDocument = JSON.stringify(trust);
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument }));
  await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: name }));
  const membership = { InstanceProfileName: name, RoleName: name };
  await iam.send(new AddRoleToInstanceProfileCommand(membership));
  return name;
}

/** Creates the domain's zone as the command line does, and a record with the address. */
async function pointAt(state: SandboxState, domain: string, address: string): Promise<void> {
  const zone = domain.split(".").slice(1).join(".");
  const response = await fetch(`${state.endpoint}/_sandbox/hosted-zone`, {
    method: "PUT",
    headers: sandboxHeaders(state),
    body: JSON.stringify({ zone, domain, region: "us-east-1" }),
  });
  const { id } = (await response.json()) as { readonly id: string };
  const route53 = new Route53Client({
    region: "us-east-1",
    endpoint: state.endpoint,
    credentials: sandboxCredentials(state),
  });
  const record = {
    Name: domain,
    Type: "A" as const,
    TTL: 60,
    ResourceRecords: [{ Value: address }],
  };
  const Changes = [{ Action: "UPSERT" as const, ResourceRecordSet: record }];
  const change = { HostedZoneId: id, ChangeBatch: { Changes } };
  await route53.send(new ChangeResourceRecordSetsCommand(change));
}
