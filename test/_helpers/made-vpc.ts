import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeRouteTablesCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";

/** A VPC that is not infer-deploy's. */
export interface MadeVpc {
  readonly id: string;
  /** Public subnets, in the zones a and b. */
  readonly front: readonly string[];
  /** Subnets in the same zones with the main route table, which has no way out. */
  readonly back: readonly string[];
  readonly mainTable: string;
}

export async function makeVpc(ec2: EC2Client, region: string): Promise<MadeVpc> {
  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: "10.70.0.0/16" }));
  const VpcId = Vpc?.VpcId ?? "";
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const gateway = InternetGateway?.InternetGatewayId ?? "";
  await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: gateway }));
  const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
  const RouteTableId = RouteTable?.RouteTableId ?? "";
  await ec2.send(
    new CreateRouteCommand({
      RouteTableId,
      DestinationCidrBlock: "0.0.0.0/0",
      GatewayId: gateway,
    }),
  );
  const subnet = async (zone: string, third: number): Promise<string> => {
    const { Subnet } = await ec2.send(
      new CreateSubnetCommand({
        VpcId,
        AvailabilityZone: `${region}${zone}`,
        CidrBlock: `10.70.${third}.0/24`,
      }),
    );
    return Subnet?.SubnetId ?? "";
  };
  const front = [await subnet("a", 0), await subnet("b", 1)];
  for (const SubnetId of front) {
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
  }
  const back = [await subnet("a", 10), await subnet("b", 11)];
  const { RouteTables = [] } = await ec2.send(
    new DescribeRouteTablesCommand({
      Filters: [
        { Name: "vpc-id", Values: [VpcId] },
        { Name: "association.main", Values: ["true"] },
      ],
    }),
  );
  return { id: VpcId, front, back, mainTable: RouteTables[0]?.RouteTableId ?? "" };
}
