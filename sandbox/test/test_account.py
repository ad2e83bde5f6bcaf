"""What an account says of itself: its quotas, and what IAM's simulator allows."""

from region import WeatherTest, also_in_moto, client


class Account(WeatherTest):
    def test_the_quota_on_standard_vcpus_is_known(self):
        quota = client("service-quotas").get_service_quota(ServiceCode="ec2", QuotaCode="L-1216C47A")["Quota"]
        self.assertEqual((quota["QuotaCode"], quota["Value"]), ("L-1216C47A", 64.0))

    @also_in_moto
    def test_an_unknown_quota_is_refused(self):
        call = client("service-quotas").get_service_quota
        self.refused("NoSuchResourceException", call, ServiceCode="ec2", QuotaCode="L-00000000")

    def test_the_simulator_answers_for_each_action(self):
        answer = client("iam").simulate_principal_policy(
            PolicySourceArn="arn:aws:iam::123456789012:user/ana",
            ActionNames=["ec2:CreateVpc", "s3:GetObject"],
            ResourceArns=["*"],
        )
        found = [(result["EvalActionName"], result["EvalDecision"]) for result in answer["EvaluationResults"]]
        self.assertEqual(found, [("ec2:CreateVpc", "allowed"), ("s3:GetObject", "allowed")])

    def test_the_simulator_knows_what_the_weather_denies_and_by_which_layer(self):
        self.switch(denied="ec2:CreateVpc@scp+ecr:*@boundary+s3:PutObject")
        answer = client("iam").simulate_principal_policy(
            PolicySourceArn="arn:aws:iam::123456789012:user/ana",
            ActionNames=["ec2:CreateVpc", "ecr:PutImage", "s3:PutObject", "s3:GetObject"],
        )
        found = {result["EvalActionName"]: result for result in answer["EvaluationResults"]}
        self.assertFalse(found["ec2:CreateVpc"]["OrganizationsDecisionDetail"]["AllowedByOrganizations"])
        self.assertFalse(found["ecr:PutImage"]["PermissionsBoundaryDecisionDetail"]["AllowedByPermissionsBoundary"])
        self.assertEqual(found["s3:PutObject"]["EvalDecision"], "implicitDeny")
        self.assertEqual(found["s3:GetObject"]["EvalDecision"], "allowed")

    def test_the_sandboxs_own_key_belongs_to_a_user_of_iam(self):
        arn = client("sts").get_caller_identity()["Arn"]
        self.assertEqual(arn, "arn:aws:iam::123456789012:user/sandbox")

    def test_a_role_cannot_be_removed_twice_from_an_instance_profile(self):
        iam = client("iam")
        iam.create_instance_profile(InstanceProfileName="fleet")
        iam.create_role(RoleName="fleet", AssumeRolePolicyDocument="{}")
        names = {"InstanceProfileName": "fleet", "RoleName": "fleet"}
        iam.add_role_to_instance_profile(**names)
        iam.remove_role_from_instance_profile(**names)
        self.refused("NoSuchEntity", iam.remove_role_from_instance_profile, **names)
