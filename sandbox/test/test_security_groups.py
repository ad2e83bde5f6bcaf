"""Security groups' rules."""

from region import RegionTest, client, network


class SecurityGroups(RegionTest):
    def test_a_rule_that_names_a_group_keeps_its_description(self):
        ec2 = client("ec2")
        vpc, _ = network()
        front, app = (
            ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"] for name in ("front", "app")
        )
        pair = {"GroupId": front, "Description": "from the load balancer"}
        permission = {"IpProtocol": "tcp", "FromPort": 8000, "ToPort": 8000, "UserIdGroupPairs": [pair]}
        ec2.authorize_security_group_ingress(GroupId=app, IpPermissions=[permission])
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [app]}])["SecurityGroupRules"]
        self.assertEqual([rule.get("Description") for rule in rules if not rule["IsEgress"]], ["from the load balancer"])
