"""EC2 requests that an SDK sends again with their client token."""

from region import RegionTest, WeatherTest, also_in_moto, client


class ClientTokens(RegionTest):
    def test_a_repeated_request_gets_the_first_answer_and_makes_nothing(self):
        ec2 = client("ec2")
        first, again = (self.create(ec2, "fleet") for _ in range(2))
        self.assertEqual(again, first)
        self.assertEqual(len(ec2.describe_launch_templates()["LaunchTemplates"]), 1)

    @also_in_moto
    def test_another_token_is_another_request(self):
        ec2 = client("ec2")
        self.create(ec2, "fleet")
        self.refused("InvalidLaunchTemplateName.AlreadyExistsException", self.create, ec2=ec2, name="fleet", token="two")

    def test_a_token_with_other_parameters_is_refused(self):
        ec2 = client("ec2")
        self.create(ec2, "fleet")
        self.refused("IdempotentParameterMismatch", self.create, ec2=ec2, name="other")

    @also_in_moto
    def test_a_refused_request_may_be_sent_again(self):
        ec2 = client("ec2")
        self.create(ec2, "fleet", token="one")
        refused = {"ec2": ec2, "name": "fleet", "token": "two"}
        self.refused("InvalidLaunchTemplateName.AlreadyExistsException", self.create, **refused)
        ec2.delete_launch_template(LaunchTemplateName="fleet")
        self.create(**refused)

    def create(self, ec2, name, token="one"):
        made = ec2.create_launch_template(
            LaunchTemplateName=name, LaunchTemplateData={"InstanceType": "t3.small"}, ClientToken=f"{self.id()} {token}"
        )
        return made["LaunchTemplate"]["LaunchTemplateId"]


class LostAnswers(WeatherTest):
    def test_an_sdk_makes_one_launch_template_though_the_answer_is_lost(self):
        self.switch(lost_answers="2")
        ec2 = client("ec2")
        ec2.describe_vpcs()
        ec2.create_launch_template(LaunchTemplateName="fleet", LaunchTemplateData={"InstanceType": "t3.small"})
        self.switch()
        self.assertEqual(len(ec2.describe_launch_templates()["LaunchTemplates"]), 1)
