"""S3's conditional writes, which the lock, the journal and Terraform's state need; bucket policies; Parameter Store's limit."""

import json
import threading
import time

from region import RegionTest, also_in_moto, client


class Ranges(RegionTest):
    """Of a large object, as a program fetches it over several connections."""

    def setUp(self):
        super().setUp()
        self.s3 = client("s3")
        self.s3.create_bucket(Bucket="models", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
        self.s3.put_bucket_versioning(Bucket="models", VersioningConfiguration={"Status": "Enabled"})
        self.content = bytes(range(256)) * 8192
        self.first = self.s3.put_object(Bucket="models", Key="a b/c.bin", Body=self.content)

    def get(self, start, end, **more):
        return self.s3.get_object(Bucket="models", Key="a b/c.bin", Range=f"bytes={start}-{end}", **more)

    @also_in_moto
    def test_a_range_and_what_it_is_of(self):
        answer = self.get(255, 1_500_000)
        self.assertEqual(answer["Body"].read(), self.content[255:1_500_001])
        self.assertEqual((answer["ContentRange"], answer["ETag"]), ("bytes 255-1500000/2097152", self.first["ETag"]))
        self.assertEqual(answer["VersionId"], self.first["VersionId"])
        self.assertEqual(self.get(2_097_151, 9_999_999)["Body"].read(), b"\xff")
        self.refused("InvalidRange", self.get, start=2_097_152, end=2_097_153)

    @also_in_moto
    def test_conditions_and_versions(self):
        self.s3.put_object(Bucket="models", Key="a b/c.bin", Body=self.content[::-1])
        self.refused("PreconditionFailed", self.get, start=0, end=9, IfMatch=self.first["ETag"])
        old = self.get(0, 9, IfMatch=self.first["ETag"], VersionId=self.first["VersionId"])
        self.assertEqual(old["Body"].read(), self.content[:10])
        self.refused("NoSuchVersion", self.get, start=0, end=9, VersionId="none")

    def test_many_ranges_cost_what_they_are(self):
        """30 ranges of 1 KB take less than twice the time of the whole object. moto would read it 30 times."""
        self.s3.put_object(Bucket="models", Key="a b/c.bin", Body=self.content * 64)
        began = time.monotonic()
        self.s3.get_object(Bucket="models", Key="a b/c.bin")["Body"].read()
        whole, began = time.monotonic() - began, time.monotonic()
        for index in range(30):
            self.get(index * 1000, index * 1000 + 999)["Body"].read()
        self.assertLess(time.monotonic() - began, 2 * whole)


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
