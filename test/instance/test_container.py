"""The container's configuration for Docker."""
import unittest

import agent_parts
from container import container_config
from problem import Problem


class ContainerConfig(unittest.TestCase):
    release = {
        "release": 7,
        "version": "1.4.0",
        "image": "registry/app@sha256:1",
        "port": 8080,
        "env": {"MODEL": "$(reboot)\nsecond line"},
        "memory_mb": 512,
        "gpus": 0,
        "stop_seconds": 120,
        "log_group": "/app",
    }

    def config(self, env=None, secrets=None, endpoint=""):
        release = {**self.release, **({"env": env} if env else {})}
        return container_config(release, {"env": {}, "file": {}, **(secrets or {})}, "eu-central-1", "i-1", endpoint)

    def test_whole(self):
        self.assertEqual(
            self.config(secrets={"env": {"TOKEN": "t"}}),
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
                "StopTimeout": 120,
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

    def test_secret_files_are_mounted_and_docker_gets_no_value(self):
        config = self.config(secrets={"file": {"TOKEN": "canary"}})
        self.assertEqual(config["HostConfig"]["Binds"], ["/run/infer-deploy/secrets:/run/secrets:ro"])
        self.assertNotIn("canary", str(config))

    def test_endpoint_only_where_one_is_set(self):
        logs = self.config(endpoint="http://emulator:5000")["HostConfig"]["LogConfig"]["Config"]
        self.assertEqual(logs["awslogs-endpoint"], "http://emulator:5000")

    def test_names_and_values_that_no_environment_can_hold(self):
        for env in ({"A=B": "c"}, {"": "c"}, {"A": "b\0c"}, {"A\n": "b"}):
            with self.assertRaises(Problem, msg=repr(env)):
                self.config(env=env)

    def test_the_port_is_not_the_users_to_change(self):
        self.assertNotIn("PORT=1", self.config(env={"PORT": "1"})["Env"])


if __name__ == "__main__":
    unittest.main()
