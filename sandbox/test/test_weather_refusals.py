"""Weather that refuses calls: each service does it in its own words."""

import functools
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from region import ENDPOINT, KEY, REGION, WeatherTest, client, http

ONCE = Config(retries={"total_max_attempts": 1}, read_timeout=10)
# One service for each protocol, and a call that changes nothing.
CALLS = {
    "sts": lambda sts: sts.get_caller_identity(),
    "ec2": lambda ec2: ec2.describe_vpcs(),
    "elbv2": lambda elbv2: elbv2.describe_load_balancers(),
    "autoscaling": lambda scaling: scaling.describe_auto_scaling_groups(),
    "cloudwatch": lambda cloudwatch: cloudwatch.describe_alarms(),
    "ssm": lambda ssm: ssm.get_parameters_by_path(Path="/"),
    "ecr": lambda ecr: ecr.describe_repositories(),
    "route53": lambda route53: route53.list_hosted_zones(),
    "s3": lambda s3: s3.list_buckets(),
}


@functools.cache
def once(service, key=KEY, secret="sandbox", token=None):
    """A client that tries once."""
    session = boto3.Session(key, secret, token)
    return session.client(service, region_name=REGION, endpoint_url=ENDPOINT, config=ONCE)


def answer_of(service, **more):
    """Status, code and message of the refusal; None when the call succeeds."""
    try:
        CALLS[service](once(service, **more))
        return None
    except ClientError as error:
        found = error.response["Error"]
        return error.response["ResponseMetadata"]["HTTPStatusCode"], found["Code"], found["Message"]


def codes(**more):
    return {service: (answer_of(service, **more) or (200, None))[1] for service in CALLS}


class ShortKeys(WeatherTest):
    def test_keys_end_some_time_after_their_first_call(self):
        codes()
        self.switch(short_keys="3s")
        self.assertEqual(set(codes().values()), {None})
        time.sleep(3)
        found = codes()
        self.assertEqual(
            found,
            {
                "sts": "ExpiredToken",
                "ec2": "RequestExpired",
                "elbv2": "ExpiredToken",
                "autoscaling": "ExpiredToken",
                "cloudwatch": "ExpiredToken",
                "ssm": "ExpiredTokenException",
                "ecr": "ExpiredTokenException",
                "route53": "ExpiredToken",
                "s3": "ExpiredToken",
            },
        )
        self.assertEqual(answer_of("s3"), (400, "ExpiredToken", "The provided token has expired."))
        self.assertEqual(answer_of("sts")[0], 403)
        self.assertIn("security token included in the request is expired", answer_of("ssm")[2])

    def test_a_new_login_has_new_keys(self):
        client("iam").create_user(UserName="ann")
        new = client("iam").create_access_key(UserName="ann")["AccessKey"]["AccessKeyId"]
        self.switch(short_keys="1s")
        answer_of("sts")
        time.sleep(1)
        self.assertEqual(answer_of("sts")[1], "ExpiredToken")
        self.assertEqual(answer_of("sts", key=new), None)

    def test_the_controller_and_instances_are_spared(self):
        role = client("iam").create_role(RoleName="app", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
        sessions = {
            name: client("sts").assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName=name)["Credentials"]
            for name in ("i-0123456789abcdef0", "ci")
        }
        self.switch(short_keys="0")
        self.assertEqual(answer_of("ec2", key=f"controller-{KEY}"), None)
        found = [
            answer_of("ec2", key=one["AccessKeyId"], secret=one["SecretAccessKey"], token=one["SessionToken"])
            for one in sessions.values()
        ]
        self.assertEqual([one and one[1] for one in found], [None, "RequestExpired"])


class Denied(WeatherTest):
    def test_the_words_name_the_policy_that_is_to_blame(self):
        reasons = {
            "": "because no identity-based policy allows the ssm:GetParametersByPath action",
            "@deny": "with an explicit deny in an identity-based policy",
            "@boundary": "because no permissions boundary allows the ssm:GetParametersByPath action",
            "@scp": "with an explicit deny in a service control policy",
        }
        for suffix, words in reasons.items():
            self.switch(denied=f"ssm:GetParametersByPath{suffix}")
            status, code, message = answer_of("ssm")
            self.assertEqual((status, code), (400, "AccessDeniedException"))
            self.assertIn("is not authorized to perform: ssm:GetParametersByPath on resource: ", message)
            self.assertTrue(message.endswith(words), message)
            self.assertEqual(answer_of("sts"), None)

    def test_each_service_has_its_own_code(self):
        self.switch(denied="*:*")
        found = codes()
        # No policy can deny it.
        self.assertEqual(found.pop("sts"), None)
        expected = {name: "AccessDenied" for name in found}
        expected |= {"ec2": "UnauthorizedOperation", "ssm": "AccessDeniedException", "ecr": "AccessDeniedException"}
        self.assertEqual(found, expected)

    def test_several_actions_and_those_of_s3_by_their_permission(self):
        self.switch(denied="s3:ListBucket@scp+s3:PutEncryptionConfiguration")
        s3 = once("s3")
        s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.refused("403", s3.head_bucket, Bucket="state")
        rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
        call = {"Bucket": "state", "ServerSideEncryptionConfiguration": rules}
        message = self.refused("AccessDenied", s3.put_bucket_encryption, **call)
        self.assertIn('on resource: "arn:aws:s3:::state" because', message)
        s3.put_object(Bucket="state", Key="key", Body=b"x")

    def test_a_value_that_names_no_action_is_refused(self):
        for value in ("s3", "s3:GetObject@owner"):
            status, _, text = http("PUT", f"{ENDPOINT}/_sandbox/weather", {"denied": value})
            self.assertEqual((status, "denied takes" in text), (400, True), text)


class Throttling(WeatherTest):
    def test_every_call_is_refused_for_some_time(self):
        codes()
        self.switch(throttling="3s")
        found = codes()
        expected = {
            "sts": "Throttling",
            "ec2": "RequestLimitExceeded",
            "elbv2": "ThrottlingException",
            "autoscaling": "Throttling",
            "cloudwatch": "Throttling",
            "ssm": "ThrottlingException",
            "ecr": "ThrottlingException",
            "route53": "Throttling",
            "s3": "SlowDown",
        }
        self.assertEqual(found, expected)
        self.assertEqual(answer_of("ec2")[0], 503)
        self.eventually(lambda: answer_of("s3") is None)

    def test_logs_can_be_read_five_times_a_second(self):
        self.switch(throttling="1")
        logs, refused = once("logs"), 0
        logs.create_log_group(logGroupName="app")
        for _ in range(15):
            try:
                logs.filter_log_events(logGroupName="app")
            except ClientError as error:
                self.assertEqual(error.response["Error"]["Code"], "ThrottlingException")
                refused += 1
        self.assertGreater(refused, 5)

    def test_alarms_can_be_read_nine_times_a_second(self):
        self.switch(throttling="1")
        cloudwatch, refused = once("cloudwatch"), 0
        begin = time.monotonic()
        for _ in range(30):
            try:
                cloudwatch.describe_alarms()
            except ClientError as error:
                self.assertEqual(error.response["Error"]["Code"], "Throttling")
                refused += 1
        most = 9 + 9 * (time.monotonic() - begin)
        self.assertGreaterEqual(refused, 30 - most - 1)
        self.assertEqual(answer_of("sts"), None)

    def test_a_factor_lowers_the_rates(self):
        self.switch(throttling="0.01")
        found = [answer_of("ec2") for _ in range(3)]
        self.assertEqual([one is None for one in found], [True, False, False])


class Skew(WeatherTest):
    def test_ten_minutes_are_too_many_for_most_services(self):
        for value, word in (("10m", "expired"), ("-10m", "not yet current")):
            self.switch(skew=value)
            found = codes()
            # These three take fifteen minutes.
            expected = {
                "sts": None,
                "ec2": None,
                "s3": None,
                "elbv2": "SignatureDoesNotMatch",
                "autoscaling": "SignatureDoesNotMatch",
                "cloudwatch": "SignatureDoesNotMatch",
                "route53": "SignatureDoesNotMatch",
                "ssm": "InvalidSignatureException",
                "ecr": "InvalidSignatureException",
            }
            self.assertEqual(found, expected)
            self.assertIn(f"Signature {word}: 2", answer_of("ssm")[2])

    def test_twenty_minutes_are_too_many_for_all(self):
        self.switch(skew="20m")
        found = codes()
        self.assertEqual((found["sts"], found["ec2"], found["s3"]), ("SignatureDoesNotMatch", "AuthFailure", "RequestTimeTooSkewed"))

    def test_the_date_header_and_what_the_region_dates_show_the_region_s_clock(self):
        from email.utils import parsedate_to_datetime

        self.switch(skew="10m")
        s3 = once("s3")
        s3.create_bucket(Bucket="dated", CreateBucketConfiguration={"LocationConstraint": REGION})
        s3.put_object(Bucket="dated", Key="key", Body=b"x")
        answer = s3.head_object(Bucket="dated", Key="key")
        date = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"]).timestamp()
        created = answer["LastModified"].timestamp()
        for moment in (date, created):
            self.assertAlmostEqual(moment - time.time(), 600, delta=30)
