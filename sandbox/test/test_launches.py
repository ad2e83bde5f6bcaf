"""Instances from launch templates, and the resources that stay when they end."""

import json

from region import IMAGE, RegionTest, client, encoded, instance, launch_template, network


class Launches(RegionTest):
    def setUp(self):
        super().setUp()
        self.ec2, self.iam = client("ec2"), client("iam")
        self.vpc, self.subnets = network()

    def start(self, template, **more):
        run = {"MinCount": 1, "MaxCount": 1, "LaunchTemplate": {"LaunchTemplateId": template}, "SubnetId": self.subnets[0]}
        return self.ec2.run_instances(**{**run, **more})["Instances"][0]["InstanceId"]

    def profile(self):
        trust = {"Version": "2012-10-17", "Statement": []}
        self.iam.create_role(RoleName="app", AssumeRolePolicyDocument=json.dumps(trust))
        arn = self.iam.create_instance_profile(InstanceProfileName="app")["InstanceProfile"]["Arn"]
        self.iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")
        return arn

    def test_the_template_s_profile_and_metadata_options_are_used(self):
        arn = self.profile()
        options = {"HttpTokens": "required", "HttpPutResponseHopLimit": 1, "InstanceMetadataTags": "enabled"}
        found = instance(self.start(launch_template(IamInstanceProfile={"Arn": arn}, MetadataOptions=options)))
        self.assertEqual(found["IamInstanceProfile"]["Arn"], arn)
        self.assertEqual({key: found["MetadataOptions"][key] for key in options}, options)

    def test_an_image_that_its_owner_has_deregistered_is_refused(self):
        source = self.ec2.run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]
        image = self.ec2.create_image(InstanceId=source, Name="gone")["ImageId"]
        template = launch_template(ImageId=image)
        self.start(template)
        self.ec2.deregister_image(ImageId=image)
        message = self.refused("InvalidAMIID.Unavailable", lambda: self.start(template))
        self.assertIn(f"The image id '[{image}]' is no longer available", message)
        never = launch_template("never", ImageId="ami-00000000000000000")
        self.refused("InvalidAMIID.NotFound", lambda: self.start(never))

    def test_every_instance_gets_the_profile_that_the_request_names(self):
        arn = self.profile()
        run = {"ImageId": IMAGE, "MinCount": 2, "MaxCount": 2, "IamInstanceProfile": {"Name": "app"}}
        started = self.ec2.run_instances(**run, SubnetId=self.subnets[0])["Instances"]
        found = [instance(one["InstanceId"]).get("IamInstanceProfile", {}).get("Arn") for one in started]
        self.assertEqual(found, [arn, arn])

    def test_there_is_one_root_volume_and_it_goes_with_the_instance(self):
        disk = {"VolumeSize": 20, "VolumeType": "gp3", "Encrypted": True}
        template = launch_template(BlockDeviceMappings=[{"DeviceName": "/dev/sda1", "Ebs": disk}])
        started = self.start(template)
        volumes = self.ec2.describe_volumes()["Volumes"]
        self.assertEqual([(one["Size"], one["Encrypted"]) for one in volumes], [(20, True)])
        self.ec2.terminate_instances(InstanceIds=[started])
        self.assertEqual(self.ec2.describe_volumes()["Volumes"], [])

    def test_a_template_without_disks_gets_the_image_s(self):
        disk = {"DeviceName": "/dev/sdb", "Ebs": {"VolumeSize": 5}}
        self.start(launch_template(BlockDeviceMappings=[disk]))
        sizes = sorted(one["Size"] for one in self.ec2.describe_volumes()["Volumes"])
        self.assertEqual(sizes, [5, 8])
        names = {one["Attachments"][0]["Device"]: one["Attachments"][0] for one in self.ec2.describe_volumes()["Volumes"]}
        self.assertEqual(set(names), {"/dev/sda1", "/dev/sdb"})
        self.ec2.terminate_instances(InstanceIds=[names["/dev/sdb"]["InstanceId"]])
        self.assertEqual(self.ec2.describe_volumes()["Volumes"], [])

    def test_volumes_get_the_template_s_tags(self):
        tags = [{"Key": "infer-deploy:name", "Value": "demo"}]
        self.start(launch_template(TagSpecifications=[{"ResourceType": "volume", "Tags": tags}]))
        self.assertEqual(self.ec2.describe_volumes()["Volumes"][0].get("Tags"), tags)

    def test_the_security_groups_of_the_template_s_interface_are_used(self):
        own = self.ec2.create_security_group(GroupName="app", Description="app", VpcId=self.vpc)["GroupId"]
        interface = {"DeviceIndex": 0, "Groups": [own], "AssociatePublicIpAddress": True}
        found = instance(self.start(launch_template(NetworkInterfaces=[interface])))
        self.assertEqual([one["GroupId"] for one in found["SecurityGroups"]], [own])
        self.assertIn("PublicIpAddress", found)

    def test_the_network_interface_goes_with_the_instance(self):
        started = self.start(launch_template())
        self.ec2.terminate_instances(InstanceIds=[started])
        self.assertEqual(self.ec2.describe_network_interfaces()["NetworkInterfaces"], [])

    def test_the_tags_of_the_request_are_not_in_the_template_s_data(self):
        tags = [{"ResourceType": "launch-template", "Tags": [{"Key": "a", "Value": "b"}]}]
        data = {"ImageId": IMAGE, "TagSpecifications": [{"ResourceType": "instance", "Tags": [{"Key": "c", "Value": "d"}]}]}
        made = self.ec2.create_launch_template(LaunchTemplateName="tagged", LaunchTemplateData=data, TagSpecifications=tags)
        template = made["LaunchTemplate"]
        self.assertEqual(template["Tags"], tags[0]["Tags"])
        version = self.ec2.describe_launch_template_versions(LaunchTemplateId=template["LaunchTemplateId"], Versions=["1"])
        found = version["LaunchTemplateVersions"][0]["LaunchTemplateData"]["TagSpecifications"]
        self.assertEqual(found, data["TagSpecifications"])

    def test_tags_of_a_template_change(self):
        template = launch_template()
        self.ec2.create_tags(Resources=[template], Tags=[{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}])
        self.ec2.delete_tags(Resources=[template], Tags=[{"Key": "a"}])
        found = self.ec2.describe_launch_templates(LaunchTemplateIds=[template])["LaunchTemplates"][0]
        self.assertEqual(found["Tags"], [{"Key": "c", "Value": "d"}])

    def test_a_later_version_has_its_user_data(self):
        template = launch_template()
        data = {"ImageId": IMAGE, "InstanceType": "t3.small", "UserData": encoded("#cloud-config")}
        self.ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=data)
        version = {"LaunchTemplateId": template, "Version": "2"}
        client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName="fleet", MinSize=1, MaxSize=1, LaunchTemplate=version, VPCZoneIdentifier=self.subnets[0]
        )
        started = client("autoscaling").describe_auto_scaling_instances()["AutoScalingInstances"][0]["InstanceId"]
        answer = self.ec2.describe_instance_attribute(InstanceId=started, Attribute="userData")
        self.assertEqual(answer["UserData"]["Value"], encoded("#cloud-config"))

    def test_user_data_of_more_than_16_kb_is_refused(self):
        launch_template("fits", UserData=encoded("x" * 16384))
        big = {"name": "big", "UserData": encoded("x" * 16385)}
        self.refused("InvalidUserData.Malformed", launch_template, **big)
        run = {"ImageId": IMAGE, "MinCount": 1, "MaxCount": 1, "UserData": "x" * 16385}
        self.refused("InvalidUserData.Malformed", self.ec2.run_instances, **run)
