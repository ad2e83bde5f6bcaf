"""Weather that loses answers, and what S3 does with two requests at once."""

import threading
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from region import ENDPOINT, KEY, REGION, WeatherTest, client, sandbox
from test_weather_refusals import once


class LostAnswers(WeatherTest):
    def test_every_second_answer_of_a_service_is_lost_and_the_change_is_made(self):
        self.switch(lost_answers="2")
        s3, ssm = once("s3"), once("ssm")
        s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION})
        with self.assertRaises(ConnectionClosedError):
            s3.put_object(Bucket="state", Key="key", Body=b"x", IfNoneMatch="*")
        self.assertEqual(s3.get_object(Bucket="state", Key="key")["Body"].read(), b"x")
        # The other service counts by itself.
        ssm.put_parameter(Name="/a", Value="1", Type="String")
        with self.assertRaises(ConnectionClosedError):
            ssm.get_parameter(Name="/a")

    def test_the_sdk_s_own_repeat_of_a_conditional_write_meets_its_own_object(self):
        self.switch(lost_answers="2")
        once("s3").create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION})
        self.refused("PreconditionFailed", client("s3").put_object, Bucket="state", Key="key", Body=b"x", IfNoneMatch="*")


class DeadConnections(WeatherTest):
    def impatient(self, service):
        config = Config(retries={"total_max_attempts": 1}, read_timeout=2)
        return boto3.Session(KEY, "sandbox").client(service, region_name=REGION, endpoint_url=ENDPOINT, config=config)

    def test_every_second_call_gets_no_answer(self):
        self.switch(dead_connections="2")
        sts = self.impatient("sts")
        for _ in range(2):
            sts.get_caller_identity()
            with self.assertRaises(ReadTimeoutError):
                sts.get_caller_identity()

    def test_all_calls_after_some_time_until_the_weather_changes(self):
        self.switch(dead_connections="0s")
        with self.assertRaises(ReadTimeoutError):
            self.impatient("sts").get_caller_identity()
        ended = []

        def ask():
            try:
                once("sts").get_caller_identity()
            except ConnectionClosedError as error:
                ended.append(error)

        waiting = threading.Thread(target=ask)
        waiting.start()
        time.sleep(0.5)
        self.assertEqual(ended, [])
        sandbox("PUT", "/weather", {})
        waiting.join(5)
        self.assertEqual(len(ended), 1)
        once("sts").get_caller_identity()


class BusyBucket(WeatherTest):
    def setUp(self):
        super().setUp()
        self.switch(busy_bucket="60s")
        self.s3 = once("s3")

    def create(self):
        self.s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION})

    def at_once(self, *calls):
        """The error codes of calls that are made at the same time, sorted; an empty one for success."""
        codes = []

        def take(call):
            try:
                call(once("s3"))
                codes.append("")
            except ClientError as error:
                codes.append(error.response["Error"]["Code"])

        threads = [threading.Thread(target=take, args=[call]) for call in calls]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return sorted(codes)

    def version(self, s3):
        s3.put_bucket_versioning(Bucket="state", VersioningConfiguration={"Status": "Enabled"})

    def tag(self, s3):
        s3.put_bucket_tagging(Bucket="state", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})

    def test_two_settings_of_a_new_bucket_at_once(self):
        self.create()
        self.assertEqual(self.at_once(self.version, self.tag), ["", "OperationAborted"])
        # One after the other they do not disturb each other.
        self.version(self.s3)
        self.tag(self.s3)

    def test_an_older_bucket_takes_them(self):
        self.switch(busy_bucket="0")
        self.create()
        self.assertEqual(self.at_once(self.version, self.tag), ["", ""])

    def test_two_buckets_of_one_name_at_once(self):
        create = {"Bucket": "state", "CreateBucketConfiguration": {"LocationConstraint": REGION}}
        self.assertEqual(self.at_once(*[lambda s3: s3.create_bucket(**create)] * 2), ["", "OperationAborted"])

    def test_the_first_reads_do_not_find_a_new_bucket(self):
        self.create()
        self.refused("NoSuchBucket", self.s3.get_bucket_versioning, Bucket="state")
        self.refused("404", self.s3.head_bucket, Bucket="state")
        self.s3.head_bucket(Bucket="state")

    def test_a_conditional_write_while_another_one_is_in_flight(self):
        self.create()

        def write(s3):
            s3.put_object(Bucket="state", Key="lock", Body=b"x", IfNoneMatch="*")

        self.assertEqual(self.at_once(write, write), ["", "ConditionalRequestConflict"])
        self.refused("PreconditionFailed", self.s3.put_object, Bucket="state", Key="lock", Body=b"x", IfNoneMatch="*")
