"""The metadata service, called from an address that the name server resolves to an instance's container."""

import datetime
import http.client
import json

import boto3
from botocore.config import Config
from region import (
    CONFIG,
    ENDPOINT,
    IMAGE,
    REGION,
    WeatherTest,
    client,
    group,
    instance,
    launch_template,
    load_balancer,
    members,
    network,
    sandbox,
)

# In a sandbox each container has its own address; here they are addresses of loopback.
ADDRESS = "127.0.5.1"
STRANGER = "127.0.5.2"


class InstanceMetadata(WeatherTest):
    def setUp(self):
        super().setUp()
        trust = {"Version": "2012-10-17", "Statement": []}
        iam = client("iam")
        iam.create_role(RoleName="app", AssumeRolePolicyDocument=json.dumps(trust))
        iam.create_instance_profile(InstanceProfileName="app")
        iam.add_role_to_instance_profile(InstanceProfileName="app", RoleName="app")
        self.start({"HttpTokens": "required", "InstanceMetadataTags": "enabled"})

    def start(self, options, profile=True, name="fleet"):
        tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "demo"}]}]
        more = {"IamInstanceProfile": {"Name": "app"}} if profile else {}
        template = launch_template(name, MetadataOptions=options, TagSpecifications=tags, UserData="I2Nsb3VkLWNvbmZpZwo=", **more)
        run = client("ec2").run_instances(
            MinCount=1, MaxCount=1, LaunchTemplate={"LaunchTemplateId": template}, SubnetId=network()[1][1]
        )
        self.ask_as(run["Instances"][0]["InstanceId"])

    def ask_as(self, instance_id):
        self.instance_id = instance_id
        with open("/etc/hosts", "w") as file:
            file.write(f"127.0.0.1 localhost\n{ADDRESS} infer-deploy-test-{instance_id}.infer-deploy-test\n")

    def call(self, method, path, headers=None, address=ADDRESS):
        connection = http.client.HTTPConnection("127.0.0.1", 1338, timeout=5, source_address=(address, 0))
        connection.request(method, path, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    def token(self, seconds="60", address=ADDRESS):
        return self.call("PUT", "/latest/api/token", {"X-aws-ec2-metadata-token-ttl-seconds": seconds}, address)

    def get(self, path):
        status, token = self.token()
        self.assertEqual(status, 200)
        status, text = self.call("GET", f"/latest/{path}", {"X-aws-ec2-metadata-token": token})
        return text if status == 200 else status

    def test_without_a_token_it_refuses(self):
        self.assertEqual(self.call("GET", "/latest/meta-data/instance-id")[0], 401)
        headers = {"X-aws-ec2-metadata-token": "made-up"}
        self.assertEqual(self.call("GET", "/latest/meta-data/instance-id", headers)[0], 401)

    def test_a_token_needs_a_lifetime_of_at_most_six_hours(self):
        self.assertEqual([self.token(seconds)[0] for seconds in ("", "0", "21601", "x", "21600")], [400, 400, 400, 400, 200])

    def test_a_token_is_not_given_through_a_proxy(self):
        headers = {"X-aws-ec2-metadata-token-ttl-seconds": "60", "X-Forwarded-For": "10.0.0.1"}
        self.assertEqual(self.call("PUT", "/latest/api/token", headers)[0], 403)

    def test_version_1_is_answered_where_tokens_are_optional(self):
        self.start({"HttpTokens": "optional"}, name="open")
        self.assertEqual(self.call("GET", "/latest/meta-data/instance-id"), (200, self.instance_id))

    def test_it_may_be_switched_off(self):
        self.start({"HttpEndpoint": "disabled"}, name="off")
        self.assertEqual(self.token()[0], 403)

    def test_it_identifies_the_caller(self):
        found = instance(self.instance_id)
        self.assertEqual(self.get("meta-data/instance-id"), self.instance_id)
        self.assertEqual(self.get("meta-data/placement/availability-zone"), "eu-west-1b")
        self.assertEqual(self.get("meta-data/placement/region"), "eu-west-1")
        self.assertEqual(self.get("meta-data/local-ipv4"), found["PrivateIpAddress"])
        self.assertEqual(self.get("meta-data/instance-type"), "t3.small")
        self.assertEqual(self.get("user-data"), "#cloud-config\n")

    def test_an_instance_in_no_group_has_no_lifecycle_state(self):
        self.assertEqual(self.get("meta-data/autoscaling/target-lifecycle-state"), 404)

    def test_a_spot_instance_reads_when_it_is_taken_back(self):
        market = {"MarketType": "spot"}
        run = client("ec2").run_instances(
            ImageId=IMAGE, InstanceType="t3.small", MinCount=1, MaxCount=1, InstanceMarketOptions=market, SubnetId=network()[1][1]
        )
        self.ask_as(run["Instances"][0]["InstanceId"])
        self.assertEqual(self.get("meta-data/spot/instance-action"), 404)
        self.switch(spot_notice="0s")
        self.eventually(lambda: self.get("meta-data/spot/instance-action") != 404)
        notice = json.loads(self.get("meta-data/spot/instance-action"))
        ends = datetime.datetime.fromisoformat(notice["time"])
        left = (ends - datetime.datetime.now(datetime.timezone.utc)).total_seconds()
        self.assertEqual(notice["action"], "terminate")
        self.assertTrue(110 < left <= 120, left)

    def test_it_returns_the_target_lifecycle_state(self):
        vpc, subnets = network()
        _, _, target_group = load_balancer(vpc, subnets)
        group("members", subnets=subnets, target_groups=[target_group], desired=1)
        asg = client("autoscaling")
        self.ask_as(members("members")[0])

        def state():
            return self.get("meta-data/autoscaling/target-lifecycle-state")

        self.assertEqual(state(), "InService")
        names = {"AutoScalingGroupName": "members", "InstanceIds": [self.instance_id], "ShouldDecrementDesiredCapacity": True}
        asg.enter_standby(**names)
        self.assertEqual((state(), members("members", "EnteringStandby")), ("Standby", [self.instance_id]))
        self.eventually(lambda: members("members", "Standby"))
        self.assertEqual(state(), "Standby")
        asg.exit_standby(AutoScalingGroupName="members", InstanceIds=[self.instance_id])
        self.assertEqual(state(), "InService")
        asg.set_desired_capacity(AutoScalingGroupName="members", DesiredCapacity=0)
        self.assertEqual((state(), members("members", "Terminating")), ("Terminated", [self.instance_id]))

    def test_an_instance_that_left_its_group_is_detached(self):
        group("members", desired=1)
        self.ask_as(members("members")[0])
        names = {"AutoScalingGroupName": "members", "InstanceIds": [self.instance_id], "ShouldDecrementDesiredCapacity": True}
        client("autoscaling").detach_instances(**names)
        self.assertEqual(self.get("meta-data/autoscaling/target-lifecycle-state"), "Detached")

    def test_an_unknown_address_gets_nothing(self):
        self.assertEqual(self.token(address=STRANGER)[0], 404)

    def test_an_instance_that_is_not_running_gets_nothing(self):
        client("ec2").terminate_instances(InstanceIds=[self.instance_id])
        self.assertEqual(self.token()[0], 404)

    def test_the_identity_document_names_the_instance(self):
        document = json.loads(self.get("dynamic/instance-identity/document"))
        self.assertEqual(
            {key: document[key] for key in ("accountId", "instanceId", "region", "availabilityZone")},
            {
                "accountId": "123456789012",
                "instanceId": self.instance_id,
                "region": "eu-west-1",
                "availabilityZone": "eu-west-1b",
            },
        )

    def test_the_credentials_are_a_session_of_the_role(self):
        self.assertEqual(self.get("meta-data/iam/security-credentials/"), "app")
        found = json.loads(self.get("meta-data/iam/security-credentials/app"))
        self.assertEqual((found["Code"], found["Type"]), ("Success", "AWS-HMAC"))
        ends = datetime.datetime.strptime(found["Expiration"], "%Y-%m-%dT%H:%M:%SZ")
        left = ends - datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        self.assertTrue(datetime.timedelta(hours=1) < left <= datetime.timedelta(hours=6), left)
        session = boto3.Session(found["AccessKeyId"], found["SecretAccessKey"], found["Token"], region_name="eu-west-1")
        caller = session.client("sts", endpoint_url=ENDPOINT, config=CONFIG).get_caller_identity()
        self.assertEqual(caller["Arn"], f"arn:aws:sts::123456789012:assumed-role/app/{self.instance_id}")

    def test_s3_refuses_the_first_read_of_a_flaky_instance(self):
        client("s3").create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION})
        client("s3").put_object(Bucket="state", Key="record", Body=b"1")
        self.addCleanup(sandbox, "PUT", "/weather", {})
        sandbox("PUT", "/weather", {"flaky-instance": "s3"})
        found = json.loads(self.get("meta-data/iam/security-credentials/app"))
        session = boto3.Session(found["AccessKeyId"], found["SecretAccessKey"], found["Token"], region_name=REGION)
        once = Config(retries={"total_max_attempts": 1})
        s3 = session.client("s3", endpoint_url=ENDPOINT, config=once)
        s3.put_object(Bucket="state", Key="report", Body=b"1")
        self.refused("SlowDown", s3.get_object, Bucket="state", Key="record")
        self.assertEqual(s3.get_object(Bucket="state", Key="record")["Body"].read(), b"1")
        self.assertEqual(client("s3").get_object(Bucket="state", Key="record")["Body"].read(), b"1")

    def test_they_stay_the_same_while_they_are_valid(self):
        path = "meta-data/iam/security-credentials/app"
        self.assertEqual(self.get(path), self.get(path))

    def test_another_role_or_none_has_no_credentials(self):
        self.assertEqual(self.get("meta-data/iam/security-credentials/other"), 404)
        self.start({"HttpTokens": "required"}, profile=False, name="bare")
        self.assertEqual(self.get("meta-data/iam/security-credentials/"), 404)

    def test_tags_are_shown_only_when_they_may_be(self):
        self.assertEqual(self.get("meta-data/tags/instance/Name"), "demo")
        self.start({"HttpTokens": "required"}, name="shy")
        self.assertEqual(self.get("meta-data/tags/instance/Name"), 404)

    def test_folders_are_listed(self):
        names = self.get("meta-data/").split("\n")
        self.assertTrue({"instance-id", "placement/", "iam/"} <= set(names), names)
        self.assertEqual(self.get("meta-data/nothing"), 404)
