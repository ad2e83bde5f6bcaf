"""Caddy's configuration is a pure function of the two documents, so these tests look at what a request meets in it."""
import os
import tempfile
import unittest

import agent_parts
from caddyconfig import caddy_config
from slots import serving_weights, slot_runs
from switches import make_switches, read_switches, write_switches

SETTINGS = {"domains": [], "headers": {}, "body_limit_bytes": None, "request_seconds": 60, "drain_seconds": 30,
            "health_path": "/healthz", "authority": None, "email": None, "challenge": "http-01", "zone_id": None}
RUNS = {"run": True, "until": None}
TRAFFIC = {"generation": 1, "image": None, "weights": {"blue": 90, "green": 10}, "probe": None, "pause": None, "slots": {"blue": RUNS, "green": RUNS}}
DIALS = {"blue": "172.17.0.1:8081", "green": "172.17.0.1:8082"}


def config(**settings):
    return caddy_config({**SETTINGS, **settings}, DIALS, "eu-central-1")


def server(**settings):
    return config(**settings)["apps"]["http"]["servers"]["door"]


def routes(**settings):
    return server(**settings)["routes"][0]["handle"][0]["routes"]


def switches(**traffic):
    document = {**TRAFFIC, **traffic}
    return make_switches(document, document["weights"])


class Config(unittest.TestCase):
    def test_without_domains_any_host_is_served_over_plain_http(self):
        self.assertEqual(server()["listen"], [":80"])
        self.assertNotIn("match", server()["routes"][0])
        self.assertEqual(config()["apps"]["tls"], {"automation": {"renew_interval": "1m"}})

    def test_domains_are_served_over_https_by_all_versions_of_http(self):
        made = server(domains=["a.example.com"])
        self.assertEqual((made["listen"], made["protocols"]), ([":443"], ["h1", "h2", "h3"]))
        self.assertEqual(made["routes"][0]["match"], [{"host": ["a.example.com"]}])

    def test_the_issuer_is_caddys_own_unless_an_authority_is_set(self):
        def issuer(**settings):
            return config(domains=["a.example.com"], **settings)["apps"]["tls"]["automation"]["policies"][0]["issuers"]

        self.assertEqual(issuer(), [{"module": "acme"}])
        self.assertEqual(issuer(authority="https://ca/directory", email="a@b.c"), [{"module": "acme", "ca": "https://ca/directory", "email": "a@b.c"}])

    def test_dns_01_asks_route53_for_the_zone_by_the_regions_name_and_waits_until_its_servers_know(self):
        made = config(domains=["a.example.com"], challenge="dns-01", zone_id="Z1")
        [issuer] = made["apps"]["tls"]["automation"]["policies"][0]["issuers"]
        provider = issuer["challenges"]["dns"]["provider"]
        self.assertEqual((provider["name"], provider["region"], provider["hosted_zone_id"]), ("route53", "eu-central-1", "Z1"))
        self.assertTrue(provider["wait_for_route53_sync"])
        self.assertEqual(list(issuer["challenges"]), ["dns"])

    def test_the_probe_comes_before_the_pause_and_the_pause_before_the_weights(self):
        dials = [one["handle"][-1].get("upstreams", [{"dial": one["handle"][-1].get("status_code")}])[0]["dial"] for one in routes()[2:]]
        self.assertEqual(dials, [DIALS["blue"], DIALS["green"], 503, DIALS["green"], DIALS["blue"], 503])
        self.assertTrue(all(one["terminal"] for one in routes()[2:]))

    def test_a_machine_that_the_names_have_left_ends_each_connection_with_its_answer(self):
        leaving = routes()[1]
        self.assertEqual(leaving["match"], [{"expression": "{http.vars.leaving} != ''"}])
        self.assertEqual(leaving["handle"][0]["response"]["set"], {"Connection": ["close"]})
        self.assertNotIn("terminal", leaving)
        self.assertEqual([switches()["leaving"], switches(leaving=False)["leaving"], switches(leaving=True)["leaving"]], ["", "", "on"])

    def test_the_headers_are_on_every_answer_and_the_body_has_its_limit(self):
        settings = {"headers": {"X-A": "{file./etc/shadow}"}, "body_limit_bytes": 10}
        _, headers, limit = routes(**settings)[0]["handle"]
        self.assertEqual(headers["response"]["set"], {"X-A": ["\\{file./etc/shadow}"]})
        self.assertEqual(limit, {"handler": "request_body", "max_size": 10})
        self.assertEqual(server(**settings)["errors"]["routes"][0]["handle"][0], headers)

    def test_nothing_ends_what_is_in_flight_during_a_change(self):
        self.assertNotIn("grace_period", config()["apps"]["http"])
        last = routes()[-2]["handle"][-1]
        self.assertEqual((last["flush_interval"], last["stream_close_delay"]), (-1, "30s"))

    def test_the_access_log_has_no_headers_and_is_rotated(self):
        access = config()["logging"]["logs"]["access"]
        self.assertEqual(access["encoder"]["fields"]["request>headers"], {"filter": "delete"})
        self.assertLessEqual(access["writer"]["roll_size_mb"] * (1 + access["writer"]["roll_keep"]), 200)


class Switches(unittest.TestCase):
    def test_green_gets_its_share_of_random_identifiers(self):
        def share(blue, green):
            below = switches(weights={"blue": blue, "green": green})["green-below"]
            return sum(f"{number:04x}0000-0000-4000-8000" < below for number in range(2**16)) / 2**16

        for blue, green, expected in ((100, 0, 0), (0, 100, 1), (90, 10, 0.1), (1, 1, 0.5), (0, 0, 0)):
            self.assertAlmostEqual(share(blue, green), expected, 3)

    def test_blue_gets_the_rest_unless_it_has_no_weight(self):
        self.assertEqual([switches(weights={"blue": blue, "green": 50})["blue"] for blue in (50, 0)], ["on", ""])

    def test_a_probe_and_a_pause_are_off_without_a_token(self):
        self.assertEqual({switches()[name] for name in ("probe-blue", "probe-green", "pause")}, {""})
        pause = {"content_type": "text/html", "body": "later", "token": "t", "retry_after": 600}
        made = switches(probe={"colour": "green", "token": "p"}, pause=pause)
        self.assertEqual([made[name] for name in ("probe-blue", "probe-green", "pause", "pause-type", "pause-seconds")], ["", "p", "t", "text/html", "600"])

    def test_all_of_them_change_at_once_and_nothing_is_written_twice(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        agent_parts.replace(self, "SWITCH_FOLDER", f"{folder.name}/switches")
        agent_parts.replace(self, "CADDY_GROUP", os.getgid())
        for weights in ({"blue": 1, "green": 0}, {"blue": 1, "green": 0}, {"blue": 0, "green": 1}, {"blue": 1, "green": 1}):
            write_switches(switches(weights=weights))
            self.assertEqual(read_switches(), switches(weights=weights))
        folders = [name for name in os.listdir(folder.name) if name != "switches"]
        self.assertEqual(len(folders), 2)


class Slots(unittest.TestCase):
    def test_a_slot_runs_until_its_time(self):
        traffic = {"slots": {"blue": {"run": True, "until": 100}, "green": {"run": False, "until": None}}}
        self.assertEqual([slot_runs(traffic, "blue", 99), slot_runs(traffic, "blue", 100), slot_runs(traffic, "green", 0)], [True, False, False])

    def test_a_slot_that_fails_its_checks_falls_out_unless_it_is_the_only_one(self):
        self.assertEqual(serving_weights(TRAFFIC, ["blue"], 0), {"blue": 0, "green": 10})
        self.assertEqual(serving_weights({**TRAFFIC, "weights": {"blue": 100, "green": 0}}, ["blue"], 0), {"blue": 100, "green": 0})
        self.assertEqual(serving_weights(TRAFFIC, ["blue", "green"], 0), {"blue": 90, "green": 10})

    def test_a_slot_that_does_not_run_gets_nothing(self):
        over = {"blue": {"run": True, "until": 5}, "green": RUNS}
        self.assertEqual(serving_weights({**TRAFFIC, "slots": over}, [], 6), {"blue": 0, "green": 10})


if __name__ == "__main__":
    unittest.main()
