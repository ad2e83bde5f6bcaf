"""Who may give orders to the region."""

import http.client

import boto3
from botocore.config import Config
from region import CONFIG, ENDPOINT, KEY, REGION, SESSION, RegionTest, also_in_moto, client, http as ask


class Gate(RegionTest):
    def test_another_access_key_is_refused_in_each_protocol(self):
        calls = (
            ("ec2", "describe_instances", {}, "AuthFailure"),
            ("iam", "list_roles", {}, "InvalidClientTokenId"),
            ("ssm", "describe_parameters", {}, "UnrecognizedClientException"),
            ("s3", "create_bucket", {"Bucket": "taken"}, "InvalidAccessKeyId"),
        )
        for key in ("AKIAIOSFODNN7EXAMPLE", KEY[:-1], KEY + "0"):
            for service, method, arguments, code in calls:
                stranger = boto3.client(service, REGION, endpoint_url=ENDPOINT, config=CONFIG, aws_access_key_id=key, aws_secret_access_key="x")
                message = self.refused(code, getattr(stranger, method), **arguments)
                self.assertIn("infer-deploy sandbox status --name test", message)
        self.assertEqual(client("s3").list_buckets()["Buckets"], [])

    def test_a_request_without_a_key_is_refused(self):
        for path in ("/", "/bucket/key", "/_sandbox/health", "/_sandbox/listeners", "/moto-api/data.json"):
            status, text = raw("GET", path, {"Host": "127.0.0.1"})
            self.assertEqual((status, "MissingAuthenticationToken" in text), (403, True), path)

    def test_a_web_page_is_refused_even_with_the_key(self):
        for method, path in (("GET", "/_sandbox/health"), ("PUT", "/bucket"), ("OPTIONS", "/")):
            headers = {"Host": "127.0.0.1", "X-Sandbox-Key": KEY, "Origin": "https://evil.example"}
            self.assertEqual(raw(method, path, headers)[0], 403)
        self.assertEqual(client("s3").list_buckets()["Buckets"], [])

    def test_no_answer_is_for_web_pages(self):
        _, headers, _ = ask("GET", f"{ENDPOINT}/moto-api/data.json")
        self.assertEqual([name for name in headers if name.lower().startswith("access-control")], [])

    def test_a_name_that_was_rebound_to_this_machine_is_refused(self):
        for host in ("evil.example", "127.0.0.1.evil.example", "emulator.evil.example:5000", "localhost@evil.example"):
            self.assertEqual(raw("GET", "/_sandbox/health", {"Host": host, "X-Sandbox-Key": KEY})[0], 403, host)

    def test_the_names_of_this_machine_are_let_in(self):
        for host in ("127.0.0.1:23456", "localhost", "emulator:5000", "bucket.emulator:5000", "my.bucket.localhost:5000"):
            self.assertEqual(raw("GET", "/_sandbox/health", {"Host": host, "X-Sandbox-Key": KEY})[0], 200, host)

    def test_a_large_body_is_refused_too(self):
        status, text = raw("PUT", "/bucket/key", {"Host": "127.0.0.1"}, b"x" * 900_000)
        self.assertEqual((status, "MissingAuthenticationToken" in text), (403, True))

    @also_in_moto
    def test_a_bucket_in_the_host_name(self):
        client("s3").create_bucket(Bucket="named", CreateBucketConfiguration={"LocationConstraint": REGION})
        client("s3").put_object(Bucket="named", Key="key", Body=b"value")
        url = client("s3").generate_presigned_url("get_object", {"Bucket": "named", "Key": "key"})
        query = url.split("?")[1]
        self.assertEqual(raw("GET", f"/key?{query}", {"Host": "named.localhost:5000"}), (200, "value"))

    def test_a_presigned_url_carries_the_key(self):
        client("s3").create_bucket(Bucket="signed", CreateBucketConfiguration={"LocationConstraint": REGION})
        client("s3").put_object(Bucket="signed", Key="key", Body=b"value")
        for version in ("s3", "s3v4"):
            signer = SESSION.client("s3", REGION, endpoint_url=ENDPOINT, config=Config(signature_version=version))
            url = signer.generate_presigned_url("get_object", {"Bucket": "signed", "Key": "key"})
            path = url.removeprefix(ENDPOINT)
            self.assertEqual(raw("GET", path, {"Host": "127.0.0.1:5000"}), (200, "value"))
            self.assertEqual(raw("GET", path.replace(KEY, "AKIAIOSFODNN7EXAMPLE"), {"Host": "127.0.0.1:5000"})[0], 403)

    @also_in_moto
    def test_keys_that_the_region_issued_are_let_in(self):
        iam = client("iam")
        role = iam.create_role(RoleName="app", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
        session = client("sts").assume_role(RoleArn=role["Role"]["Arn"], RoleSessionName="i-1")["Credentials"]
        iam.create_user(UserName="robot")
        pair = iam.create_access_key(UserName="robot")["AccessKey"]
        for key, secret, token in (
            (session["AccessKeyId"], session["SecretAccessKey"], session["SessionToken"]),
            (pair["AccessKeyId"], pair["SecretAccessKey"], None),
        ):
            caller = boto3.client(
                "sts", REGION, endpoint_url=ENDPOINT, aws_access_key_id=key, aws_secret_access_key=secret, aws_session_token=token
            )
            self.assertIn(":user/robot" if token is None else ":assumed-role/app/i-1", caller.get_caller_identity()["Arn"])


def raw(method, path, headers, body=None):
    """Status and text of a request with these headers only."""
    connection = http.client.HTTPConnection("127.0.0.1", 5000, timeout=5)
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in {**headers, **({"Content-Length": str(len(body))} if body else {})}.items():
        connection.putheader(name, value)
    connection.endheaders(body)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()
