"""Signatures, against published ones and botocore's, and where requests go."""
import datetime
import unittest

import agent_parts
from aws import Aws, sign
from problem import Problem

NOW = datetime.datetime(2015, 8, 30, 12, 36, 0)
KEYS = {"AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}


def signature(*request, keys=KEYS):
    service, region = request[4:]
    return sign(*request[:4], service, region, keys, NOW)["authorization"].split("Signature=")[1]


class Signing(unittest.TestCase):
    def test_published_vector(self):
        """"get-vanilla" of AWS's Signature Version 4 test suite."""
        self.assertEqual(
            signature("GET", "https://example.amazonaws.com/", {}, b"", "service", "us-east-1"),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
        )

    def test_json_call_with_session_token_as_botocore_signs_it(self):
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonSSM.GetParameter"}
        request = ("POST", "https://ssm.eu-central-1.amazonaws.com/", headers, b'{"Name": "/a"}', "ssm", "eu-central-1")
        self.assertEqual(
            signature(*request, keys={**KEYS, "Token": "session/token=="}),
            "e4df241926326d6c2f04257395791fc09a9f36414d7e022328b8968916f48dd6",
        )

    def test_s3_put_to_a_path_as_botocore_signs_it(self):
        url = "http://127.0.0.1:5000/bucket/embeddings/pro%20duction/agents/i-1.json"
        request = ("PUT", url, {"content-type": "application/json"}, b"{}", "s3", "eu-central-1")
        self.assertEqual(
            signature(*request, keys={**KEYS, "Token": "session/token=="}),
            "cf4384c3eb9ada3c46270ba6c7757bbb5c652608c758bb58de79b8d1be562306",
        )

    def test_s3_get_as_botocore_signs_it(self):
        request = ("GET", "https://bucket.s3.eu-central-1.amazonaws.com/a/b.json", {}, b"", "s3", "eu-central-1")
        self.assertEqual(signature(*request), "320f8db57b4b7dff81af8cae678a09be9865a04ba212fb6b76b31377541c2b1c")


class Requests(unittest.TestCase):
    def setUp(self):
        self.sent, self.answers = [], []
        agent_parts.replace(self, "send", self.answer)
        agent_parts.replace(self, "sign", lambda method, url, headers, *_: headers)

    def answer(self, method, url, headers, body):
        self.sent.append((method, url, headers))
        return self.answers.pop(0) if self.answers else (200, b"{}")

    def aws(self, domain="amazonaws.com", endpoint=""):
        class Metadata:
            until = 1.0

            def credentials(self):
                return KEYS

        return Aws({"region": "eu-central-1", "domain": domain, "account": "123456789012"}, Metadata(), endpoint)

    def test_s3_refuses_a_bucket_of_another_account(self):
        self.aws().s3("PUT", "bucket", "a/b.json", b"{}")
        self.aws(endpoint="http://emulator:5000/").s3("GET", "bucket", "a/b.json")
        self.assertEqual([(url, headers["x-amz-expected-bucket-owner"]) for _, url, headers in self.sent], [
            ("https://bucket.s3.eu-central-1.amazonaws.com/a/b.json", "123456789012"), ("http://emulator:5000/bucket/a/b.json", "123456789012")])

    def test_each_partition_has_its_own_domain(self):
        for domain in ("amazonaws.com", "amazonaws.com.cn", "amazonaws.eu"):
            self.aws(domain).call("ecr", "target", {})
            self.aws(domain).s3("GET", "bucket", "key")
            self.assertEqual([url for _, url, _ in self.sent[-2:]], [f"https://api.ecr.eu-central-1.{domain}/", f"https://bucket.s3.eu-central-1.{domain}/key"])

    def test_what_passes_is_tried_again_and_what_does_not_is_not(self):
        agent_parts.replace(self, "uniform", lambda *_: 0)
        self.answers = [(0, b"reset"), (503, b""), (400, b'{"__type": "ThrottlingException"}'), (200, b'{"a": 1}')]
        self.assertEqual(self.aws().call("ssm", "target", {}), {"a": 1})
        self.answers = [(403, b'{"__type": "AccessDeniedException", "message": "no"}')]
        with self.assertRaisesRegex(Problem, "target: AccessDeniedException no") as raised:
            self.aws().call("ssm", "target", {})
        self.assertTrue(raised.exception.denied)
        self.assertEqual(len(self.sent), 5)


if __name__ == "__main__":
    unittest.main()
