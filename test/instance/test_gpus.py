"""GPUs by name, and the look at them, with programs that answer as nvidia-smi and dmesg do."""
import os
import stat
import tempfile
import unittest

import agent_parts
from gpus import Gpus, device_requests, read_devices, read_xids, require_names
from problem import Problem

FOUR = "\n".join(f"{index}, NVIDIA A10G, {index * 100}, 23028, {index * 25}" for index in range(4))
LOST = "Unable to determine the device handle for GPU0000:00:1E.0: Unknown Error"
FELL = "[ 8042.1] NVRM: Xid (PCI:0000:00:1e): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus."
APP = "[ 12.3] NVRM: Xid (PCI:0000:00:1e): 31, pid=1234, name=python3, Ch 00000008, intr 10000000. MMU Fault"


class Docker:
    def __init__(self, api):
        self.api = api


class Names(unittest.TestCase):
    def test_docker_gets_them_by_name(self):
        of = lambda wanted: device_requests(wanted).get("DeviceRequests")
        self.assertEqual(of("all"), [{"Driver": "cdi", "DeviceIDs": ["nvidia.com/gpu=all"]}])
        self.assertEqual(of(2), [{"Driver": "cdi", "DeviceIDs": ["nvidia.com/gpu=0", "nvidia.com/gpu=1"]}])
        self.assertIsNone(of(0))

    def test_a_docker_without_names_is_refused_only_when_the_container_gets_gpus(self):
        require_names(0, Docker((1, 41)))
        require_names("all", Docker((1, 44)))
        with self.assertRaisesRegex(Problem, "Docker 25 or newer") as raised:
            require_names(1, Docker((1, 41)))
        self.assertTrue(raised.exception.definite)

    def test_the_container_waits_for_the_file_with_the_names(self):
        folder = tempfile.mkdtemp()
        agent_parts.replace(self, "NAMES_FILE", f"{folder}/nvidia.yaml")
        self.addCleanup(os.environ.__setitem__, "PATH", os.environ["PATH"])
        os.environ["PATH"] = folder
        self.assertTrue(Gpus({}).named())
        program(folder, "nvidia-ctk", "")
        self.assertFalse(Gpus({}).named())
        open(f"{folder}/nvidia.yaml", "w").close()
        self.assertTrue(Gpus({}).named())


class Looks(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp()
        agent_parts.replace(self, "AGAIN_SECONDS", 0)
        self.addCleanup(os.environ.__setitem__, "PATH", os.environ["PATH"])
        os.environ["PATH"] = f"{self.folder}:{os.environ['PATH']}"
        self.smi(FOUR)
        self.log("[ 0.0] Linux version 6.8.0-aws")

    def smi(self, text, code=0):
        program(self.folder, "nvidia-smi", f"cat <<'TEXT'\n{text}\nTEXT\nexit {code}")

    def log(self, text):
        program(self.folder, "dmesg", f"cat <<'TEXT'\n{text}\nTEXT")

    def look(self, expected=4):
        seen = Gpus({"gpus": expected})
        seen.look()
        return seen

    def test_all_work(self):
        seen = self.look()
        self.assertEqual(seen.lost, "")
        self.assertEqual(len(seen.seen["devices"]), 4)
        self.assertEqual(
            seen.seen["devices"][1],
            {"index": 1, "name": "NVIDIA A10G", "memory_used_mb": 100, "memory_total_mb": 23028, "utilisation_percent": 25},
        )

    def test_one_is_missing(self):
        self.assertEqual(self.look(8).lost, "4 of 8 GPUs answer.")

    def test_the_driver_does_not_reach_one(self):
        self.smi(LOST, 15)
        self.assertEqual(self.look().lost, f"0 of 4 GPUs answer. nvidia-smi: {LOST}")

    def test_the_driver_hangs(self):
        program(self.folder, "nvidia-smi", "exec sleep 5")
        agent_parts.replace(self, "ANSWER_SECONDS", 0.1)
        self.assertIn("nvidia-smi did not answer within", self.look().lost)

    def test_one_bad_answer_is_no_loss(self):
        flag = f"{self.folder}/asked"
        program(self.folder, "nvidia-smi", f"[ -e {flag} ] || {{ touch {flag}; echo busy; exit 1; }}\ncat <<'TEXT'\n{FOUR}\nTEXT")
        self.assertEqual(self.look().lost, "")

    def test_an_error_of_the_hardware_is_a_loss_while_nvidia_smi_still_lists_it(self):
        self.log(f"{APP}\n{FELL}")
        seen = self.look()
        self.assertEqual(seen.lost, "The GPU at 0000:00:1e reported Xid 79: GPU has fallen off the bus.")
        self.assertEqual(seen.seen["xids"], [31])

    def test_an_error_of_the_application_is_reported_and_no_loss(self):
        self.log(f"{APP}\n{APP}")
        seen = self.look()
        self.assertEqual((seen.lost, seen.seen["xids"]), ("", [31]))

    def test_a_type_without_gpus_is_not_looked_at(self):
        seen = Gpus({})
        seen.start()
        self.assertEqual((seen.lost, seen.seen), ("", {}))


class Texts(unittest.TestCase):
    def test_a_value_that_a_gpu_does_not_say_is_null(self):
        self.assertIsNone(read_devices("0, NVIDIA L4, 1, 23034, [N/A]")[0]["utilisation_percent"])

    def test_other_lines_of_the_kernel_are_no_errors(self):
        self.assertEqual(read_xids("NVRM: loading NVIDIA UNIX Open Kernel Module\nXid 79"), [])


def program(folder, name, script):
    with open(f"{folder}/{name}", "w") as file:
        file.write(f"#!/bin/sh\n{script}\n")
    os.chmod(f"{folder}/{name}", stat.S_IRWXU)


if __name__ == "__main__":
    unittest.main()
