"""Elastic IP addresses: to whom they belong, and where they and the names that point at them lead."""

from region import IMAGE, RegionTest, client, network, sandbox


class ElasticAddresses(RegionTest):
    def setUp(self):
        super().setUp()
        ec2 = client("ec2")
        vpc, [self.subnet, _] = network()
        gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
        self.security = ec2.create_security_group(GroupName="door", Description="door", VpcId=vpc)["GroupId"]
        self.open(80, 443)
        self.allocation, self.ip = self.allocate()
        self.addCleanup(sandbox, "PUT", "/instance-addresses", {})

    def allocate(self):
        made = client("ec2").allocate_address(Domain="vpc")
        return made["AllocationId"], made["PublicIp"]

    def open(self, *ports, cidr="0.0.0.0/0"):
        rules = [{"IpProtocol": "tcp", "FromPort": port, "ToPort": port, "IpRanges": [{"CidrIp": cidr}]} for port in ports]
        client("ec2").authorize_security_group_ingress(GroupId=self.security, IpPermissions=rules)

    def launch(self, **more):
        interface = {"DeviceIndex": 0, "SubnetId": self.subnet, "Groups": [self.security], **more}
        made = client("ec2").run_instances(
            ImageId=IMAGE, InstanceType="t3.small", MinCount=1, MaxCount=1, NetworkInterfaces=[interface]
        )
        return made["Instances"][0]["InstanceId"]

    def associate(self, instance, **more):
        return client("ec2").associate_address(AllocationId=self.allocation, InstanceId=instance, **more)["AssociationId"]

    def holder(self):
        return client("ec2").describe_addresses(AllocationIds=[self.allocation])["Addresses"][0].get("InstanceId", "")

    def public_ip(self, instance):
        found = client("ec2").describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
        return found.get("PublicIpAddress")

    def test_an_address_is_none_of_a_real_server_nor_of_this_machine(self):
        self.assertRegex(self.ip, r"^(203\.0\.113|198\.51\.100)\.\d+$")

    def test_it_moves_from_one_instance_to_another_unless_that_is_forbidden(self):
        old, new = self.launch(), self.launch()
        self.associate(old)
        self.refused("Resource.AlreadyAssociated", self.associate, instance=new, AllowReassociation=False)
        self.associate(new)
        self.assertEqual((self.holder(), self.public_ip(old), self.public_ip(new)), (new, None, self.ip))
        self.associate(old, AllowReassociation=True)
        self.assertEqual((self.holder(), self.public_ip(old), self.public_ip(new)), (old, self.ip, None))

    def test_the_same_association_again_changes_nothing(self):
        instance = self.launch()
        first = self.associate(instance)
        self.assertEqual(self.associate(instance, AllowReassociation=False), first)

    def test_an_instance_has_one_address_and_the_other_stays_allocated(self):
        instance = self.launch()
        other, _ = self.allocate()
        client("ec2").associate_address(AllocationId=other, InstanceId=instance)
        self.associate(instance)
        found = client("ec2").describe_addresses(AllocationIds=[other])["Addresses"][0]
        self.assertEqual((self.public_ip(instance), found.get("AssociationId")), (self.ip, None))

    def test_a_terminated_instance_loses_it_and_a_stopped_one_keeps_it(self):
        instance = self.launch(AssociatePublicIpAddress=True)
        self.associate(instance)
        client("ec2").stop_instances(InstanceIds=[instance])
        self.assertEqual((self.holder(), self.public_ip(instance)), (instance, self.ip))
        client("ec2").start_instances(InstanceIds=[instance])
        self.assertEqual(self.public_ip(instance), self.ip)
        client("ec2").terminate_instances(InstanceIds=[instance])
        self.assertEqual(self.holder(), "")

    def test_a_terminated_instance_and_one_without_internet_gateway_take_none(self):
        ended = self.launch()
        client("ec2").terminate_instances(InstanceIds=[ended])
        self.assertIn("terminated instance", self.refused("InvalidInstanceID", self.associate, instance=ended))
        _, [self.subnet, _] = network()
        self.security = client("ec2").create_security_group(GroupName="inner", Description="inner", VpcId=network()[0])["GroupId"]
        self.refused("Gateway.NotAttached", self.associate, instance=self.launch())

    def test_it_is_released_only_when_nothing_uses_it(self):
        ec2 = client("ec2")
        association = self.associate(self.launch())
        self.refused("InvalidIPAddress.InUse", ec2.release_address, AllocationId=self.allocation)
        ec2.disassociate_address(AssociationId=association)
        ec2.release_address(AllocationId=self.allocation)
        self.refused("InvalidAllocationID.NotFound", ec2.release_address, AllocationId=self.allocation)

    def test_a_nat_gateway_gives_it_back_when_it_is_deleted(self):
        ec2 = client("ec2")
        gateway = ec2.create_nat_gateway(SubnetId=self.subnet, AllocationId=self.allocation)["NatGateway"]["NatGatewayId"]
        self.refused("InvalidIPAddress.InUse", ec2.release_address, AllocationId=self.allocation)
        self.assertFalse(sandbox("GET", "/authority")["needed"])
        ec2.delete_nat_gateway(NatGatewayId=gateway)
        ec2.release_address(AllocationId=self.allocation)

    def test_it_leads_to_the_container_of_its_instance(self):
        instance = self.launch()
        sandbox("PUT", "/instance-addresses", {instance: "10.213.0.10"})
        self.assertEqual(sandbox("GET", "/addresses"), {self.ip: {}})
        self.associate(instance)
        self.assertEqual(sandbox("GET", "/addresses"), {self.ip: {"80": "10.213.0.10:80", "443": "10.213.0.10:443"}})
        sandbox("PUT", "/instance-addresses", {})
        self.assertEqual(sandbox("GET", "/addresses"), {self.ip: {}})

    def test_a_port_that_the_security_group_keeps_shut_is_not_reached(self):
        ec2 = client("ec2")
        ec2.revoke_security_group_ingress(GroupId=self.security, IpProtocol="tcp", FromPort=443, ToPort=443, CidrIp="0.0.0.0/0")
        self.open(443, cidr="10.0.0.0/8")
        instance = self.launch()
        sandbox("PUT", "/instance-addresses", {instance: "10.213.0.10"})
        self.associate(instance)
        self.assertEqual(sandbox("GET", "/addresses")[self.ip], {"80": "10.213.0.10:80"})

    def test_a_name_leads_where_its_a_record_does_also_for_the_authority(self):
        instance = self.launch()
        sandbox("PUT", "/instance-addresses", {instance: "10.213.0.10"})
        self.assertEqual(sandbox("GET", "/authority"), {"needed": False, "names": {}, "texts": {}, "zones": []})
        self.point("api.example.com", self.ip)
        self.point("elsewhere.example.com", "192.0.2.1")
        unclaimed = {"api.example.com": [None], "elsewhere.example.com": [None]}
        self.assertEqual(sandbox("GET", "/authority"), {"needed": True, "names": unclaimed, "texts": {}, "zones": ["example.com"]})
        self.assertEqual(sandbox("GET", "/addresses")["api.example.com"], {})
        self.associate(instance)
        self.assertEqual(sandbox("GET", "/authority")["names"], {**unclaimed, "api.example.com": ["10.213.0.10"]})
        found = sandbox("GET", "/addresses")
        self.assertEqual(found["api.example.com"], {"80": "10.213.0.10:80", "443": "10.213.0.10:443"})
        # A rehearsal never leaves the region.
        self.assertNotIn("elsewhere.example.com", found)

    def test_the_authority_reaches_a_machine_that_is_open_to_everyone_and_sees_each_text(self):
        ec2 = client("ec2")
        for port in (80, 443):
            ec2.revoke_security_group_ingress(GroupId=self.security, IpProtocol="tcp", FromPort=port, ToPort=port, CidrIp="0.0.0.0/0")
            self.open(port, cidr="52.95.0.0/16")
        instance = self.launch()
        sandbox("PUT", "/instance-addresses", {instance: "10.213.0.10"})
        self.point("api.example.com", self.ip)
        self.associate(instance)
        self.assertEqual(sandbox("GET", "/addresses")["api.example.com"], {"80": "10.213.0.10:80", "443": "10.213.0.10:443"})
        self.point("_acme-challenge.api.example.com", '"first half, " "second"', "TXT")
        found = sandbox("GET", "/authority")
        self.assertEqual(found["names"], {"api.example.com": [None]})
        self.assertEqual(found["texts"], {"_acme-challenge.api.example.com": ["first half, second"]})

    def point(self, name, value, kind="A"):
        zone = sandbox("PUT", "/hosted-zone", {"zone": "example.com", "domain": "api.example.com"})["id"]
        record = {"Name": name, "Type": kind, "TTL": 60, "ResourceRecords": [{"Value": value}]}
        changes = [{"Action": "UPSERT", "ResourceRecordSet": record}]
        client("route53").change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
