"""S3's conditional writes, which the lock, the journal and Terraform's state need; bucket policies; Parameter Store's limit."""

import json
import threading

from region import RegionTest, also_in_moto, client


class ConditionalWrites(RegionTest):
    def setUp(self):
        super().setUp()
        self.s3 = client("s3")
        self.s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.s3.put_bucket_versioning(Bucket="state", VersioningConfiguration={"Status": "Enabled"})

    def put(self, body=b"x", **conditions):
        return self.s3.put_object(Bucket="state", Key="lock.json", Body=body, **conditions)["ETag"]

    @also_in_moto
    def test_if_none_match_creates_only(self):
        self.put(IfNoneMatch="*")
        self.refused("PreconditionFailed", self.put, IfNoneMatch="*")

    @also_in_moto
    def test_a_deleted_object_can_be_created_again(self):
        self.put(IfNoneMatch="*")
        self.s3.delete_object(Bucket="state", Key="lock.json")
        self.put(IfNoneMatch="*")

    @also_in_moto
    def test_if_match_replaces_only_what_was_read(self):
        first = self.put(b"one")
        second = self.put(b"two", IfMatch=first)
        self.refused("PreconditionFailed", self.put, body=b"three", IfMatch=first)
        self.assertEqual(self.s3.get_object(Bucket="state", Key="lock.json", IfMatch=second)["Body"].read(), b"two")

    @also_in_moto
    def test_if_match_needs_something_to_match(self):
        etag = self.put(b"one")
        self.s3.delete_object(Bucket="state", Key="lock.json")
        self.refused("NoSuchKey", self.put, IfMatch=etag)

    @also_in_moto
    def test_if_match_deletes_only_what_was_read(self):
        first = self.put(b"one")
        second = self.put(b"two", IfMatch=first)
        self.refused("PreconditionFailed", self.s3.delete_object, Bucket="state", Key="lock.json", IfMatch=first)
        self.s3.delete_object(Bucket="state", Key="lock.json", IfMatch=second)
        self.refused("NoSuchKey", self.s3.delete_object, Bucket="state", Key="lock.json", IfMatch=second)
        self.put(IfNoneMatch="*")

    @also_in_moto
    def test_of_many_at_once_one_wins(self):
        """May pass on plain moto by chance, which handles several requests at a time."""
        won, lost = [], []

        def take(number):
            try:
                won.append(self.put(str(number).encode(), IfNoneMatch="*"))
            except self.s3.exceptions.ClientError as error:
                lost.append(error.response["Error"]["Code"])

        threads = [threading.Thread(target=take, args=(number,)) for number in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(won), set(lost), len(lost)), (1, {"PreconditionFailed"}, 19))


class BucketPolicies(RegionTest):
    def setUp(self):
        super().setUp()
        self.s3 = client("s3")
        self.s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.s3.put_object(Bucket="state", Key="key", Body=b"x")

    def deny(self, **more):
        statement = {"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": ["arn:aws:s3:::state/*"], **more}
        self.s3.put_bucket_policy(Bucket="state", Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    def test_a_policy_against_plain_http_denies_no_request_here(self):
        self.deny(Condition={"Bool": {"aws:SecureTransport": "false"}})
        self.assertEqual(self.s3.get_object(Bucket="state", Key="key")["Body"].read(), b"x")
        policy = json.loads(self.s3.get_bucket_policy(Bucket="state")["Policy"])
        self.assertEqual(len(policy["Statement"]), 1)

    @also_in_moto
    def test_another_denies(self):
        self.deny()
        self.refused("403", self.s3.get_object, Bucket="state", Key="key")


class Parameters(RegionTest):
    def test_a_standard_parameter_holds_4_kb(self):
        ssm = client("ssm")
        ssm.put_parameter(Name="/a/fits", Value="x" * 4096, Type="String")
        ssm.put_parameter(Name="/a/big", Value="x" * 4097, Type="String", Tier="Advanced")
        self.refused("ValidationException", ssm.put_parameter, Name="/a/bigger", Value="x" * 4097, Type="String")
