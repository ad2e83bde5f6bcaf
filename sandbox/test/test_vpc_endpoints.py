"""Gateway endpoints: their routes."""

from region import REGION, RegionTest, client, network


class VpcEndpoints(RegionTest):
    def setUp(self):
        super().setUp()
        self.ec2 = client("ec2")
        self.vpc, _ = network()
        self.first, self.second = (
            self.ec2.create_route_table(VpcId=self.vpc)["RouteTable"]["RouteTableId"] for _ in range(2)
        )
        self.endpoint = self.ec2.create_vpc_endpoint(
            VpcId=self.vpc,
            ServiceName=f"com.amazonaws.{REGION}.s3",
            VpcEndpointType="Gateway",
            RouteTableIds=[self.first],
        )["VpcEndpoint"]["VpcEndpointId"]

    def leads_there(self, table):
        found = self.ec2.describe_route_tables(RouteTableIds=[table])["RouteTables"][0]
        return self.endpoint in [route.get("GatewayId") for route in found["Routes"]]

    def test_a_table_that_is_added_has_the_route_and_the_endpoint_can_be_deleted(self):
        self.ec2.modify_vpc_endpoint(VpcEndpointId=self.endpoint, AddRouteTableIds=[self.second])
        self.assertTrue(self.leads_there(self.second))
        self.ec2.delete_vpc_endpoints(VpcEndpointIds=[self.endpoint])
        self.assertFalse(self.leads_there(self.second))

    def test_a_table_that_is_taken_away_loses_the_route(self):
        self.ec2.modify_vpc_endpoint(
            VpcEndpointId=self.endpoint, AddRouteTableIds=[self.second], RemoveRouteTableIds=[self.first]
        )
        self.assertFalse(self.leads_there(self.first))
        self.assertTrue(self.leads_there(self.second))
