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

    def test_a_rule_that_names_a_prefix_list_keeps_its_description(self):
        ec2 = client("ec2")
        vpc, _ = network()
        group = ec2.create_security_group(GroupName="front", Description="front", VpcId=vpc)["GroupId"]
        name = "com.amazonaws.global.cloudfront.origin-facing"
        found = ec2.describe_managed_prefix_lists(Filters=[{"Name": "prefix-list-name", "Values": [name]}])["PrefixLists"][0]
        pair = {"PrefixListId": found["PrefixListId"], "Description": "from CloudFront"}
        permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "PrefixListIds": [pair]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
        self.assertEqual([rule.get("Description") for rule in rules if not rule["IsEgress"]], ["from CloudFront"])

    def test_a_rule_that_is_gone_is_refused_by_its_id(self):
        ec2 = client("ec2")
        vpc, _ = network()
        group = ec2.create_security_group(GroupName="app", Description="app", VpcId=vpc)["GroupId"]
        permission = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])
        rules = ec2.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])["SecurityGroupRules"]
        for rule in rules:
            revoke = ec2.revoke_security_group_egress if rule["IsEgress"] else ec2.revoke_security_group_ingress
            call = {"GroupId": group, "SecurityGroupRuleIds": [rule["SecurityGroupRuleId"]]}
            revoke(**call)
            self.refused("InvalidSecurityGroupRuleId.NotFound", revoke, **call)
