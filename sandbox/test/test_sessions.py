"""Session Manager's part of the API. What a session does is tested from the command line."""

from region import IMAGE, RegionTest, client, sandbox


def launch_instance():
    return client("ec2").run_instances(ImageId=IMAGE, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"]


class Sessions(RegionTest):
    def test_a_session_names_its_stream_and_is_handed_out_once(self):
        sandbox("PUT", "/session-port", {"port": 4711})
        target = launch_instance()
        command = {"command": ["uptime"]}
        started = client("ssm").start_session(Target=target, DocumentName="AWS-StartNonInteractiveCommand", Parameters=command)
        name = started["SessionId"]
        self.assertEqual(started["StreamUrl"], f"ws://127.0.0.1:4711/v1/data-channel/{name}?role=publish_subscribe")
        found = sandbox("GET", f"/session?id={name}")
        self.assertEqual((found["instance"], found["command"], found["token"]), (target, "uptime", started["TokenValue"]))
        with self.assertRaises(AssertionError):
            sandbox("GET", f"/session?id={name}")

    def test_targets_that_are_not_there(self):
        sandbox("PUT", "/session-port", {"port": 4711})
        self.refused("TargetNotConnected", client("ssm").start_session, Target="i-0123456789abcdef0")
        self.refused("InvalidDocument", client("ssm").start_session, Target=launch_instance(), DocumentName="Other")

    def test_ending_a_session_that_has_ended_is_no_error(self):
        self.assertEqual(client("ssm").terminate_session(SessionId="gone")["SessionId"], "gone")
