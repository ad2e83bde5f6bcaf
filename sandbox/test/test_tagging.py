"""GetResources finds every tagged resource of the stack, and none that is gone: it proves a destroy."""

from region import IMAGE, RegionTest, also_in_moto, client, load_balancer, network

TAG = {"Key": "infer-deploy:name", "Value": "demo"}


class Tagging(RegionTest):
    def setUp(self):
        super().setUp()
        self.ec2, self.elbv2 = client("ec2"), client("elbv2")

    def found(self):
        answer = client("resourcegroupstaggingapi").get_resources(TagFilters=[{"Key": TAG["Key"], "Values": [TAG["Value"]]}])
        return [one["ResourceARN"] for one in answer["ResourceTagMappingList"]]

    def specification(self, kind):
        return [{"ResourceType": kind, "Tags": [TAG]}]

    def test_ecr_repositories(self):
        arn = client("ecr").create_repository(repositoryName="demo", tags=[TAG])["repository"]["repositoryArn"]
        self.assertEqual(self.found(), [arn])
        client("ecr").delete_repository(repositoryName="demo")
        self.assertEqual(self.found(), [])

    def test_listeners_and_rules(self):
        balancer, listener, group = load_balancer(*network())
        rule = self.elbv2.create_rule(
            ListenerArn=listener,
            Priority=1,
            Conditions=[{"Field": "path-pattern", "Values": ["/x"]}],
            Actions=[{"Type": "forward", "TargetGroupArn": group}],
        )["Rules"][0]["RuleArn"]
        self.elbv2.add_tags(ResourceArns=[listener, rule], Tags=[TAG])
        self.assertEqual(self.found(), [listener, rule])
        self.elbv2.delete_load_balancer(LoadBalancerArn=balancer)
        self.assertEqual(self.found(), [])

    @also_in_moto
    def test_load_balancers_and_target_groups(self):
        balancer, _, group = load_balancer(*network())
        self.elbv2.add_tags(ResourceArns=[balancer, group], Tags=[TAG])
        self.assertEqual(self.found(), [balancer, group])

    def test_launch_templates(self):
        data = {"ImageId": IMAGE}
        self.ec2.create_launch_template(
            LaunchTemplateName="demo", LaunchTemplateData=data, TagSpecifications=self.specification("launch-template")
        )
        self.assertRegex(self.found()[0], r":launch-template/lt-")
        self.ec2.delete_launch_template(LaunchTemplateName="demo")
        self.assertEqual(self.found(), [])

    def test_addresses_endpoints_and_rules(self):
        vpc, _ = network()
        self.ec2.allocate_address(Domain="vpc", TagSpecifications=self.specification("elastic-ip"))
        endpoint = self.ec2.create_vpc_endpoint(
            VpcId=vpc,
            VpcEndpointType="Gateway",
            ServiceName="com.amazonaws.eu-west-1.s3",
            TagSpecifications=self.specification("vpc-endpoint"),
        )["VpcEndpoint"]["VpcEndpointId"]
        own = self.ec2.create_security_group(GroupName="app", Description="app", VpcId=vpc)["GroupId"]
        self.ec2.authorize_security_group_ingress(
            GroupId=own,
            IpPermissions=[{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}],
            TagSpecifications=self.specification("security-group-rule"),
        )
        kinds = sorted(arn.rsplit(":", 1)[1].split("/")[0] for arn in self.found())
        self.assertEqual(kinds, ["elastic-ip", "security-group-rule", "vpc-endpoint"])
        self.ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
        self.assertEqual(len(self.found()), 2)

    @also_in_moto
    def test_the_stack_s_other_resources(self):
        client("logs").create_log_group(logGroupName="/infer-deploy/demo", tags={TAG["Key"]: TAG["Value"]})
        client("ssm").put_parameter(Name="/infer-deploy/demo", Value="{}", Type="String", Tags=[TAG])
        client("sns").create_topic(Name="demo", Tags=[TAG])
        client("secretsmanager").create_secret(Name="demo", SecretString="x", Tags=[TAG])
        self.ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=self.specification("vpc"))
        services = sorted(arn.split(":")[2] for arn in self.found())
        self.assertEqual(services, ["ec2", "logs", "secretsmanager", "sns", "ssm"])

    def test_an_instance_that_has_ended_is_not_found(self):
        started = self.ec2.run_instances(
            ImageId=IMAGE,
            MinCount=1,
            MaxCount=1,
            TagSpecifications=self.specification("instance"),
            SubnetId=network()[1][0],
        )["Instances"][0]["InstanceId"]
        self.assertEqual(len(self.found()), 1)
        self.ec2.terminate_instances(InstanceIds=[started])
        self.assertEqual(self.found(), [])

    def test_a_deleted_nat_gateway_is_not_found_and_leaves_nothing(self):
        made = self.ec2.create_nat_gateway(
            SubnetId=network()[1][0], ConnectivityType="private", TagSpecifications=self.specification("natgateway")
        )
        gateway = made["NatGateway"]["NatGatewayId"]
        self.assertEqual(len(self.found()), 1)
        self.ec2.delete_nat_gateway(NatGatewayId=gateway)
        self.assertEqual(self.found(), [])
        self.assertEqual(self.ec2.describe_network_interfaces()["NetworkInterfaces"], [])
        self.assertEqual(self.ec2.describe_nat_gateways(NatGatewayIds=[gateway])["NatGateways"][0]["State"], "deleted")
        self.eventually(lambda: self.ec2.describe_nat_gateways()["NatGateways"] == [], seconds=8)

    def test_nat_gateways_by_their_tags(self):
        subnet = network()[1][0]
        mine = self.ec2.create_nat_gateway(
            SubnetId=subnet, ConnectivityType="private", TagSpecifications=self.specification("natgateway")
        )["NatGateway"]["NatGatewayId"]
        self.ec2.create_nat_gateway(SubnetId=subnet, ConnectivityType="private")
        answer = self.ec2.describe_nat_gateways(Filter=[{"Name": f"tag:{TAG['Key']}", "Values": [TAG["Value"]]}])
        self.assertEqual([one["NatGatewayId"] for one in answer["NatGateways"]], [mine])

    def test_web_acls(self):
        arn = client("wafv2").create_web_acl(
            Name="demo",
            Scope="REGIONAL",
            DefaultAction={"Allow": {}},
            VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "demo"},
            Tags=[TAG],
        )["Summary"]["ARN"]
        self.assertEqual(self.found(), [arn])
