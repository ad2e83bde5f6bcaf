"""The notice of a Spot Instance, against a metadata service and an AWS that keep state."""
import json
import unittest
import urllib.parse

import agent_parts  # noqa: F401
from aws import Aws
from problem import Problem
from spot import Spot

NOTICE = json.dumps({"action": "terminate", "time": "2026-01-01T10:02:00Z"})


class Metadata:
    notice, looks = "", 0

    def read(self, path, absent=None):
        self.looks += 1
        assert path == "spot/instance-action"
        return self.notice or absent


class Called(Aws):
    def __init__(self):
        super().__init__({"region": "eu-central-1", "domain": "amazonaws.com", "account": "1"}, None, "")
        self.sent, self.refusals = [], 0

    def request(self, method, url, headers, body, service, what):
        if self.refusals:
            self.refusals -= 1
            raise Problem("Throttling")
        self.sent.append((method, url, service, dict(urllib.parse.parse_qsl(body.decode()))))


class Notices(unittest.TestCase):
    def setUp(self):
        self.metadata, self.aws = Metadata(), Called()
        self.spot = Spot({"target_group": "arn:blue"}, self.metadata, self.aws, "i-1")

    def test_without_a_notice_nothing_happens_and_it_asks_every_five_seconds(self):
        self.assertEqual([self.spot.look(100.0 + second) for second in range(11)], [False] * 11)
        self.assertEqual((self.metadata.looks, self.aws.sent), (3, []))

    def test_from_the_notice_on_the_instance_is_out_of_its_target_group(self):
        self.metadata.notice = NOTICE
        self.assertTrue(self.spot.look(100.0))
        self.assertTrue(self.spot.look(101.0))
        fields = {"Action": "DeregisterTargets", "Version": "2015-12-01", "TargetGroupArn": "arn:blue", "Targets.member.1.Id": "i-1"}
        url = "https://elasticloadbalancing.eu-central-1.amazonaws.com/"
        self.assertEqual(self.aws.sent, [("POST", url, "elasticloadbalancing", fields)])
        self.assertEqual(self.spot.words(), "AWS reclaims this Spot Instance at 2026-01-01T10:02:00Z. It gets no new requests.")
        self.assertTrue(self.spot.look(200.0))
        self.assertEqual(len(self.aws.sent), 1)

    def test_a_call_that_fails_is_made_again(self):
        self.metadata.notice, self.aws.refusals = NOTICE, 1
        self.assertTrue(self.spot.look(100.0))
        self.assertIn("is leaving", self.spot.words())
        self.assertTrue(self.spot.look(105.0))
        self.assertTrue(self.spot.left)

    def test_an_instance_of_a_group_without_spot_never_asks(self):
        self.metadata.notice = NOTICE
        self.assertFalse(Spot({}, self.metadata, self.aws, "i-1").look(100.0))
        self.assertEqual(self.metadata.looks, 0)
