"""Deletions that are repeated because the first answer was lost."""

from region import REGION, RegionTest, client, launch_template, network


class RepeatedDeletions(RegionTest):
    def test_a_launch_template_that_is_gone_is_refused_by_its_id(self):
        ec2 = client("ec2")
        launch_template("fleet")
        found = ec2.describe_launch_templates(LaunchTemplateNames=["fleet"])["LaunchTemplates"][0]["LaunchTemplateId"]
        ec2.delete_launch_template(LaunchTemplateId=found)
        self.refused("InvalidLaunchTemplateId.NotFound", ec2.delete_launch_template, LaunchTemplateId=found)

    def test_a_gateway_endpoint_may_be_deleted_twice(self):
        ec2 = client("ec2")
        vpc, _ = network()
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        service = f"com.amazonaws.{REGION}.s3"
        made = ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, VpcEndpointType="Gateway", RouteTableIds=[table])
        for _ in range(2):
            answer = ec2.delete_vpc_endpoints(VpcEndpointIds=[made["VpcEndpoint"]["VpcEndpointId"]])
            self.assertEqual(answer.get("Unsuccessful", []), [])
