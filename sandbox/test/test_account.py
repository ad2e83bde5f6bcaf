"""What an account says of itself: its quotas, and what IAM's simulator allows."""

import base64
import json
from urllib.parse import urlencode

from region import ENDPOINT, WeatherTest, also_in_moto, client, http

ISSUER = "token.actions.githubusercontent.com"
SUBJECT = "repo:octo-org/octo-repo:ref:refs/heads/main"


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

    def test_a_role_is_given_only_to_the_tokens_that_it_trusts(self):
        role = self.trusting_role()
        self.assertIn("No OpenIDConnect provider found", self.assumed(role, sub=SUBJECT))
        arn = client("iam").create_open_id_connect_provider(Url=f"https://{ISSUER}", ClientIDList=["sts.amazonaws.com"])
        self.assertEqual(arn["OpenIDConnectProviderArn"], f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}")
        self.assertIn("<AccessKeyId>", self.assumed(role, sub=SUBJECT))
        for other in ("repo:octo-org/octo-repo:pull_request", "repo:octo-org/other:ref:refs/heads/main", f"{SUBJECT}2"):
            self.assertIn("<Code>AccessDenied</Code>", self.assumed(role, sub=other))
        self.assertIn("Incorrect token audience", self.assumed(role, sub=SUBJECT, aud="https://github.com/octo-org"))
        self.assertIn("<Code>AccessDenied</Code>", self.assumed(f"{role}2", sub=SUBJECT))

    def trusting_role(self):
        condition = {"StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": [SUBJECT, "another"]}}
        statement = {
            "Effect": "Allow",
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"},
            "Condition": condition,
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        return client("iam").create_role(RoleName="release", AssumeRolePolicyDocument=policy)["Role"]["Arn"]

    def assumed(self, role, sub, aud="sts.amazonaws.com"):
        """The answer's text. The call is not signed, because the token stands for its caller."""
        claims = json.dumps({"iss": f"https://{ISSUER}", "sub": sub, "aud": aud}).encode()
        token = f"e30.{base64.urlsafe_b64encode(claims).decode().rstrip('=')}."
        call = {"Action": "AssumeRoleWithWebIdentity", "Version": "2011-06-15", "RoleArn": role}
        body = urlencode({**call, "RoleSessionName": "run-1", "WebIdentityToken": token}).encode()
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return http("POST", ENDPOINT, body, headers)[2]
