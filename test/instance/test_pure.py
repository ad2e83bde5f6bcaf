"""The agent's functions without effects: signing, what Docker is asked for, and what is said of a release."""
import datetime
import unittest

from agent_file import agent

NOW = datetime.datetime(2015, 8, 30, 12, 36, 0)
KEYS = {"AccessKeyId": "AKIDEXAMPLE", "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"}


def signature(*request, keys=KEYS):
    service, region = request[4:]
    return agent.sign(*request[:4], service, region, keys, NOW)["authorization"].split("Signature=")[1]


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


class Errors(unittest.TestCase):
    def test_json_error(self):
        body = b'{"__type": "com.amazonaws#AccessDeniedException", "Message": "no"}'
        self.assertEqual(agent.error_of(body), ("AccessDeniedException", "no"))

    def test_xml_error(self):
        body = b"<Error><Code>NoSuchKey</Code><Message>gone</Message></Error>"
        self.assertEqual(agent.error_of(body), ("NoSuchKey", "gone"))

    def test_neither(self):
        self.assertEqual(agent.error_of(b"Bad Gateway"), ("", "Bad Gateway"))

    def test_refusals_of_registries(self):
        for words, state in {
            "manifest for x@sha256:0 not found: manifest unknown: Requested image not found": "image-missing",
            "name unknown: The repository with name 'x' does not exist in the registry": "image-missing",
            "pull access denied for x, repository does not exist or may require 'docker login': denied": "pull-denied",
            "no basic auth credentials": "pull-denied",
            "unexpected status 403 Forbidden": "pull-denied",
            "write /var/lib/docker/tmp/x: no space left on device": "failed",
        }.items():
            self.assertEqual(agent.refusal_kind(words), state, words)


class Logs(unittest.TestCase):
    def test_frames_are_joined_before_lines_are_cut(self):
        stream = b"\x01\0\0\0\0\0\0\x04one\n" + b"\x02\0\0\0\0\0\0\x03two" + b"\x01\0\0\0\0\0\0\x01\n"
        self.assertEqual(agent.log_lines(stream), ["one", "two"])

    def test_last_forty_lines(self):
        text = "".join(f"{number}\n" for number in range(50)).encode()
        lines = agent.log_lines(b"\x01\0\0\0" + len(text).to_bytes(4, "big") + text)
        self.assertEqual((lines[0], lines[-1], len(lines)), ("10", "49", 40))


class ContainerConfig(unittest.TestCase):
    record = {
        "release": 7,
        "version": "1.4.0",
        "image": "registry/app@sha256:1",
        "container": {"port": 8080, "env": {"MODEL": "$(reboot)\nsecond line"}, "log_group": "/app"},
    }

    def config(self, env=None, secrets=None, endpoint=""):
        record = {**self.record, "container": {**self.record["container"], **({"env": env} if env else {})}}
        return agent.container_config(record, secrets or {}, {"region": "eu-central-1"}, "i-1", 512, endpoint)

    def test_whole(self):
        self.assertEqual(
            self.config(secrets={"TOKEN": "t"}),
            {
                "Image": "registry/app@sha256:1",
                "Env": [
                    "MODEL=$(reboot)\nsecond line",
                    "TOKEN=t",
                    "PORT=8080",
                    "INFER_DEPLOY_VERSION=1.4.0",
                    "INFER_DEPLOY_RELEASE=7",
                    "INFER_DEPLOY_INSTANCE=i-1",
                ],
                "ExposedPorts": {"8080/tcp": {}},
                "StopTimeout": 30,
                "Labels": {"infer-deploy.release": "7"},
                "HostConfig": {
                    "ReadonlyRootfs": True,
                    "Tmpfs": {"/tmp": ""},
                    "CapDrop": ["ALL"],
                    "SecurityOpt": ["no-new-privileges"],
                    "Memory": 512 * 1024 * 1024,
                    "MemorySwap": 512 * 1024 * 1024,
                    "PidsLimit": 4096,
                    "Init": True,
                    "PortBindings": {"8080/tcp": [{"HostPort": "8080"}]},
                    "LogConfig": {
                        "Type": "awslogs",
                        "Config": {
                            "awslogs-region": "eu-central-1",
                            "awslogs-group": "/app",
                            "awslogs-stream": "i-1",
                            "mode": "non-blocking",
                            "max-buffer-size": "4m",
                        },
                    },
                },
            },
        )

    def test_endpoint_only_where_one_is_set(self):
        logs = self.config(endpoint="http://emulator:5000")["HostConfig"]["LogConfig"]["Config"]
        self.assertEqual(logs["awslogs-endpoint"], "http://emulator:5000")

    def test_names_and_values_that_no_environment_can_hold(self):
        for env in ({"A=B": "c"}, {"": "c"}, {"A": "b\0c"}, {"A\n": "b"}):
            with self.assertRaises(agent.Problem, msg=repr(env)):
                self.config(env=env)

    def test_the_port_is_not_the_users_to_change(self):
        self.assertNotIn("PORT=1", self.config(env={"PORT": "1"})["Env"])


class Judge(unittest.TestCase):
    def judge(self, **changes):
        seen = {"healthy": False, "answer": "Answer.", "failures": 1, "proven": False, "end": None, "definite": 0}
        return agent.judge({**seen, "memory_mb": 64, "seconds": 1, "timeout": 60, **changes})

    end = {"restarts": 2, "code": 3, "oom": False, "error": "", "seconds": 0.4, "log_tail": []}

    def test_states(self):
        for changes, state in (
            ({}, "starting"),
            ({"seconds": 61}, "unhealthy"),
            ({"definite": 9}, "starting"),
            ({"definite": 10}, "unhealthy"),
            ({"definite": 10, "end": self.end}, "crashed"),
            ({"definite": 10, "healthy": True, "failures": 0, "proven": True}, "healthy"),
            ({"healthy": True, "failures": 0, "proven": True}, "healthy"),
            ({"healthy": True, "failures": 0, "proven": True, "seconds": 61}, "healthy"),
            ({"proven": True, "failures": 2}, "healthy"),
            ({"proven": True, "failures": 3}, "unhealthy"),
            ({"end": self.end}, "crashed"),
            ({"end": self.end, "seconds": 61}, "crashed"),
            ({"end": {**self.end, "oom": True, "code": 137}}, "out-of-memory"),
            ({"end": {**self.end, "error": "no such file"}}, "failed"),
            ({"end": self.end, "healthy": True, "failures": 0, "proven": True}, "healthy"),
            ({"end": self.end, "proven": True, "failures": 3}, "unhealthy"),
        ):
            self.assertEqual(self.judge(**changes)[0], state, changes)

    def test_words(self):
        self.assertEqual(self.judge(end=self.end)[1], "The container ended with exit code 3 after 0.4 s, 2 times so far.")
        self.assertIn("64 MB", self.judge(end={**self.end, "oom": True})[1])
        self.assertEqual(self.judge(seconds=61)[1], "Not healthy within 60 s. Answer.")


class Explanations(unittest.TestCase):
    loopback = "0: 0100007F:1F90 00000000:0000 0A"
    everywhere = "0: 00000000:{:04X} 00000000:0000 0A"
    six = "0: {}:1F90 00000000000000000000000000000000:0000 0A"

    def test_sockets(self):
        """With an image that exposes 3000 and 3001."""
        only = " The container listens on port 8080 of 127.0.0.1 only; it must listen on 0.0.0.0."
        for tables, *expected in (
            (self.loopback, only, True),
            (self.six.format("0" * 24 + "01000000"), only, True),
            (self.six.format("0" * 16 + "FFFF00000100007F"), only, True),
            (self.everywhere.format(3000), " The container listens on port 3000 instead, which its image exposes: set image.port to it.", True),
            (self.everywhere.format(9999), " The container listens on port 9999 instead.", False),
            (self.everywhere.format(9999) + "\n" + self.loopback, only, True),
            (self.loopback + "\n" + self.six.format("0" * 32), "", False),
            (self.everywhere.format(8080), "", False),
            ("0: 0100007F:1F90 0100007F:9000 01", " The container listens on no port.", False),
            ("", " The container listens on no port.", False),
        ):
            self.assertEqual([*agent.explain(8080, 0, tables, [3000, 3001])], expected, tables)

    def test_an_image_that_exposes_the_configured_port_too_may_open_it_later(self):
        """As Triton does: 8000, 8001, and 8002 for metrics."""
        words, definite = agent.explain(8000, 0, self.everywhere.format(8002), [8000, 8001, 8002])
        self.assertEqual((words, definite), (" The container listens on port 8002 instead.", False))

    def test_answers(self):
        definite = {status: agent.explain(8080, status, "", [])[1] for status in (None, 302, 400, 401, 403, 404, 405, 429, 500, 503)}
        self.assertEqual([status for status, yes in definite.items() if yes], [401, 403, 404, 405])
        self.assertIn("health.path", agent.explain(8080, 404, "", [])[0])


if __name__ == "__main__":
    unittest.main()
