"""A slot's agent on a single machine: the rounds of test_rounds, with the traffic document and the door's counts."""
import time
import unittest

import agent_parts
import files
import slot
import test_rounds
from record import machine_memory_mb, spare_memory_mb
from slot import SlotAgent, SlotMetadata, slot_settings

ABOUT = {"bucket": "b", "prefix": "x", "poll_seconds": 30, "region": "r", "boot_log_group": "/boot",
         "slots": {"blue": {"pointer": "/blue", "port": 1}, "green": {"pointer": "/green", "port": 2}}}
RUNS = {"run": True, "until": None}


class Slots(unittest.TestCase):
    rounds = test_rounds.Rounds
    set_up_rounds, change, tick, units = rounds.setUp, rounds.change, rounds.tick, rounds.units

    def setUp(self):
        self.set_up_rounds()
        for name in ("TRAFFIC_FILE", "DOOR_FILE"):
            agent_parts.replace(self, name, str(self.folder / name))
        agent_parts.replace(self, "SLOT_FILE", str(self.folder / "container-{}.json"))
        self.aws.pointer = test_rounds.POINTER

    def new_agent(self):
        about = {**ABOUT, "slots": {"blue": {"pointer": "/blue", "port": self.aws.record["container"]["port"]}}}
        # The container's own port is another one than the machine's.
        self.aws.record["container"]["port"] = 8080
        made = SlotAgent(slot_settings(about, "blue"), test_rounds.Metadata(), self.aws, test_rounds.Docker())
        made.born = made.watch.started = self.now
        return made

    def traffic(self, generation=1, **blue):
        files.write_json(slot.TRAFFIC_FILE, {"generation": generation, "slots": {"blue": {**RUNS, **blue}}})

    def door(self, count, generation=1):
        files.write_json(slot.DOOR_FILE, {"generation": generation, "in_flight": {"blue": count}, "drain_seconds": 60})

    def test_one_slot_sends_the_boot_log(self):
        for colour in ("blue", "green"):
            made = SlotAgent(slot_settings(ABOUT, colour), test_rounds.Metadata(), self.aws, test_rounds.Docker())
            self.assertEqual(made.boot_log.sent, colour == "green")

    def run_a_release(self):
        self.traffic()
        self.tick()
        self.assertEqual(self.tick()["state"], "healthy")

    def test_nothing_starts_before_the_door_has_read_the_traffic(self):
        self.assertEqual(self.tick()["state"], "booting")
        self.assertEqual(self.units(), [])
        self.run_a_release()

    def test_the_container_answers_on_the_slots_port_and_the_report_names_its_own(self):
        self.run_a_release()
        bound = self.agent.running["config"]["HostConfig"]["PortBindings"]
        self.assertEqual(bound, {"8080/tcp": [{"HostPort": str(self.agent.settings["port"])}]})
        self.assertEqual(self.aws.reports[-1]["detail"], "GET /ok on port 8080 answered 200.")

    def test_two_containers_share_the_machines_memory_unless_the_release_has_its_own_limit(self):
        self.aws.record["container"]["memory_mb"] = None
        self.run_a_release()
        whole = spare_memory_mb(machine_memory_mb())
        limits = self.agent.running["config"]["HostConfig"]
        self.assertEqual((limits["Memory"], limits["MemorySwap"], self.agent.running["memory_mb"]),
                         (whole // 2 * 2**20, whole // 2 * 2**20, whole // 2))

    def other(self, image, **green):
        files.write_json(slot.SLOT_FILE.format("green"), {"config": {"Image": image}} if image else {})
        files.write_json(slot.TRAFFIC_FILE, {"generation": 1, "slots": {"blue": RUNS, "green": {**RUNS, **green}}})

    def test_a_release_that_runs_alone_has_all_the_memory_and_waits_with_its_image_until_the_other_slot_has_stopped(self):
        self.aws.record["container"].update(memory_mb=None, alone=True)
        self.other("r/x@old")
        waits = self.tick()
        self.assertEqual((waits["state"], waits["pulled_percent"], self.units()), ("pulling", 100, []))
        self.other("r/x@old", until=1)
        self.tick()
        self.assertEqual(self.units(), [])
        self.other(None, until=1)
        self.tick()
        self.assertEqual(self.tick()["state"], "healthy")
        self.assertEqual(self.agent.running["memory_mb"], spare_memory_mb(machine_memory_mb()))
        # The image that a rollback would start again is still there.
        self.assertIn("r/x@old", self.agent.docker.kept)

    def test_another_release_starts_next_to_a_container_that_serves_and_not_next_to_one_that_stops(self):
        self.other("r/x@old", until=1)
        self.assertEqual(self.tick()["state"], "pulling")
        self.other("r/x@old")
        self.tick()
        self.assertEqual(self.tick()["state"], "healthy")

    def test_a_limit_of_the_release_is_kept(self):
        self.aws.record["container"]["memory_mb"] = 300
        self.run_a_release()
        self.assertEqual(self.agent.running["config"]["HostConfig"]["Memory"], 300 * 2**20)

    def test_the_container_of_a_slot_makes_way_for_a_release_that_replaces_nothing_elsewhere(self):
        self.run_a_release()
        self.door(1)
        self.point_at_another()
        self.tick()
        self.tick(20)
        self.assertEqual(self.units(), ["stop", "start"], "a request of the release before was in flight")
        self.door(0)
        self.tick()
        self.assertEqual(self.units(), ["stop", "start", "stop", "start"])
        self.assertIsNone(self.agent.leaving)

    def test_the_requests_of_a_slot_that_is_wanted_again_keep_the_time_that_they_had(self):
        self.run_a_release()
        self.traffic(2, run=False)
        self.door(1, generation=2)
        self.tick()
        self.tick(30)
        self.traffic(3)
        self.door(1, generation=3)
        self.point_at_another()
        self.tick(29)
        self.assertEqual(self.units(), ["stop", "start"])
        self.tick(2)
        self.assertEqual(self.units(), ["stop", "start", "stop", "start"])

    def test_a_slot_that_serves_takes_its_next_release_at_once(self):
        self.run_a_release()
        files.write_json(slot.TRAFFIC_FILE, {"generation": 1, "weights": {"blue": 100}, "slots": {"blue": RUNS}})
        self.door(5)
        self.point_at_another()
        self.tick()
        self.assertEqual(self.units(), ["stop", "start", "stop", "start"])

    def point_at_another(self):
        self.aws.pointer = {**test_rounds.POINTER, "release": 2, "image": "registry/app@sha256:2", "update": "never"}
        self.agent.pointer.next_poll = 0.0

    def test_a_slot_that_may_no_longer_run_waits_for_the_requests_in_flight(self):
        self.run_a_release()
        self.traffic(2, until=time.time() - 1)
        self.door(0, generation=1)
        self.tick(10)
        self.assertEqual(self.units(), ["stop", "start"], "the count was of the document before")
        self.door(2, generation=2)
        self.tick(20)
        self.assertEqual(self.units(), ["stop", "start"])
        self.door(0, generation=2)
        report = self.tick()
        self.assertEqual((report["state"], report["detail"]), ("no-release", "This slot is not in use."))
        self.assertEqual(self.units(), ["stop", "start", "stop"])

    def test_a_lost_gpu_turns_the_machine_off_after_its_report_so_that_its_group_replaces_it(self):
        self.run_a_release()
        self.agent.gpus.lost = "0 of 1 GPUs answer."
        self.assertEqual(self.tick()["state"], "gpu-lost")
        self.assertEqual(self.units(), ["stop", "start", "stop", "poweroff"])

    def test_requests_that_do_not_end_have_their_time(self):
        self.run_a_release()
        self.traffic(2, run=False)
        self.door(1, generation=2)
        self.tick()
        self.assertEqual(self.tick(59)["state"], "healthy")
        self.assertEqual(self.tick(2)["state"], "no-release")

    def test_a_slot_runs_its_release_again_when_it_may(self):
        self.run_a_release()
        self.traffic(2, run=False)
        self.door(0, generation=2)
        self.tick()
        self.tick(5)
        self.traffic(3)
        self.tick()
        self.assertEqual(self.tick()["state"], "healthy")
        self.assertEqual(self.units(), ["stop", "start", "stop", "stop", "start"])

    def test_reports_and_logs_know_the_slot_by_its_own_id(self):
        agent_parts.replace(self, "SLOT", "-blue")
        agent_parts.replace(self, "send", lambda *_: (200, b"i-1"))
        metadata = SlotMetadata()
        self.assertEqual((metadata.read("instance-id"), metadata.read("placement/availability-zone")), ("i-1-blue", "i-1"))


if __name__ == "__main__":
    unittest.main()
