"""The server itself."""

import json
import socket
import time

from region import ENDPOINT, KEY, RegionTest, also_in_moto, client, http, sandbox


class Server(RegionTest):
    def test_it_reports_that_it_is_ready(self):
        answer = sandbox("GET", "/health")
        self.assertEqual(answer["ready"], True)
        self.assertGreater(answer["mends"], 50)

    def test_an_unknown_path_lists_the_known_ones(self):
        status, _, text = http("GET", f"{ENDPOINT}/_sandbox/nothing")
        self.assertEqual(status, 404)
        self.assertIn("/_sandbox/target-health", json.loads(text)["error"])

    def test_a_body_that_is_not_json_is_refused(self):
        status, _, text = http("PUT", f"{ENDPOINT}/_sandbox/target-health", b"{")
        self.assertEqual((status, "not JSON" in text), (400, True))

    def test_an_action_that_moto_lacks_is_refused_at_once(self):
        """SDKs do not retry a 501; they would retry a 500, with seconds in between."""
        calls = (
            ("ecr", "get_download_url_for_layer", {"repositoryName": "app", "layerDigest": "sha256:" + "0" * 64}),
            ("autoscaling", "start_instance_refresh", {"AutoScalingGroupName": "x"}),
            ("ec2", "describe_fast_snapshot_restores", {}),
        )
        for service, method, arguments in calls:
            message = self.refused("NotImplemented", getattr(client(service), method), **arguments)
            self.assertIn("the sandbox does not support this", message)

    def test_managed_policies_can_be_attached(self):
        iam = client("iam")
        iam.create_role(RoleName="app", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
        arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
        iam.attach_role_policy(RoleName="app", PolicyArn=arn)
        attached = iam.list_attached_role_policies(RoleName="app")["AttachedPolicies"]
        self.assertEqual([one["PolicyArn"] for one in attached], [arn])
        document = iam.get_policy_version(PolicyArn=arn, VersionId=iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"])
        self.assertEqual(document["PolicyVersion"]["Document"]["Version"], "2012-10-17")

    def test_head_and_body_of_an_answer_come_together(self):
        request = f"GET /_sandbox/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Sandbox-Key: {KEY}\r\n\r\n".encode()
        for _ in range(20):
            with socket.create_connection(("127.0.0.1", 5000)) as connection:
                connection.sendall(request)
                self.assertIn(b'"ready"', connection.recv(1 << 16))

    @also_in_moto
    def test_a_client_that_waits_for_permission_to_send_gets_it(self):
        head = "PUT /bucket HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
        with socket.create_connection(("127.0.0.1", 5000), timeout=5) as connection:
            connection.sendall(head.encode())
            self.assertIn(b"100 Continue", connection.recv(1 << 16))

    def test_a_slow_client_does_not_block_the_region(self):
        with socket.create_connection(("127.0.0.1", 5000)) as slow:
            head = "PUT /bucket/key HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\n12345"
            slow.sendall(head.encode())
            time.sleep(0.2)
            started = time.monotonic()
            client("sts").get_caller_identity()
            self.assertLess(time.monotonic() - started, 3)
            self.assertEqual(sandbox("GET", "/health")["ready"], True)
