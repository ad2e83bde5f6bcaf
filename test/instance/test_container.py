"""The container's configuration for Docker."""
import unittest

import agent_parts
from container import container_config, memory_limits
from problem import Problem
from record import OPTIONS


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
        "model": None, "log_group": "/app",
        "options": OPTIONS,
    }

    def config(self, env=None, secrets=None, endpoint="", variables=(), volumes=(), **options):
        release = {**self.release, **({"env": env} if env else {}), "options": {**OPTIONS, **options}}
        given = {"env": {}, "file": {}, **(secrets or {})}
        return container_config(release, given, {"region": "eu-central-1", "colour": "blue"}, "i-1", endpoint, dict(variables), volumes)

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
                    "CapDrop": ["ALL"],
                    "SecurityOpt": ["no-new-privileges"],
                    "Memory": 512 * 1024 * 1024,
                    "MemorySwap": 512 * 1024 * 1024,
                    "ShmSize": 64 * 1024 * 1024,
                    "Tmpfs": {"/tmp": "size=256m"},
                    "PidsLimit": 4096,
                    "Init": True,
                    "PortBindings": {"8080/tcp": [{"HostPort": "8080"}]},
                    "LogConfig": {
                        "Type": "awslogs",
                        "Config": {
                            "awslogs-region": "eu-central-1",
                            "awslogs-group": "/app",
                            "awslogs-stream": "i-1/blue/1.4.0",
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

    def test_what_a_key_opens(self):
        config = self.config(
            entrypoint=["/entry"], command=["a b"], user="1000", read_only=False, tmp={"size_mb": 100, "exec": True}, capabilities=["SETUID"],
            shm_mb=None, ulimits={"nofile": {"soft": 1, "hard": 2}}, cache={"path": "/cache", "size_mb": 1}, volumes=["/data"])
        self.assertEqual((config["Entrypoint"], config["Cmd"], config["User"], config["Volumes"]), (["/entry"], ["a b"], "1000", {"/data": {}}))
        host = config["HostConfig"]
        self.assertEqual((host["ReadonlyRootfs"], host["CapAdd"], host["CapDrop"]), (False, ["SETUID"], ["ALL"]))
        self.assertEqual((host["Tmpfs"], host["ShmSize"]), ({"/tmp": "size=100m,exec"}, 128 * 2**20))
        self.assertEqual(host["Ulimits"], [{"Name": "nofile", "Soft": 1, "Hard": 2}])
        self.assertEqual(host["Binds"], ["/var/lib/infer-deploy-cache/files:/cache"])

    def test_a_part_of_the_memory_that_is_larger_than_the_whole(self):
        for options, key in (({"shm_mb": 513}, "container.shm"), ({"tmp": {"size_mb": 513, "exec": False}}, "container.tmp.size")):
            with self.assertRaisesRegex(Problem, f"{key} asks for 513 MB, and the container has 512 MB") as raised:
                memory_limits(512, {**OPTIONS, **options})
            self.assertTrue(raised.exception.definite)

    def test_names_with_dots_and_hyphens_and_the_users_own_places(self):
        env = self.config(env={"log.level": "a", "my-name": "b", "HOME": "/own"}, variables={"HOME": "/root", "HF_HOME": "/c"})["Env"]
        self.assertLessEqual({"log.level=a", "my-name=b", "HOME=/own", "HF_HOME=/c"}, set(env))

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
