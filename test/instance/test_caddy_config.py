"""Caddy's configuration is a pure function of the two documents, so these tests look at what a request meets in it."""
import unittest

import agent_parts  # noqa: F401
from caddyconfig import caddy_config
from slots import serving_weights, slot_runs

SETTINGS = {"domains": [], "headers": {}, "body_limit_bytes": None, "request_seconds": 60, "drain_seconds": 30,
            "health_path": "/healthz", "authority": None, "email": None}
RUNS = {"run": True, "until": None}
TRAFFIC = {"generation": 1, "image": None, "weights": {"blue": 90, "green": 10}, "probe": None, "pause": None, "slots": {"blue": RUNS, "green": RUNS}}
DIALS = {"blue": "172.17.0.1:8081", "green": "172.17.0.1:8082"}


def config(settings=None, **traffic):
    document = {**TRAFFIC, **traffic}
    return caddy_config({**SETTINGS, **(settings or {})}, document, document["weights"], DIALS)


def server(*args, **traffic):
    return config(*args, **traffic)["apps"]["http"]["servers"]["door"]


def routes(*args, **traffic):
    return server(*args, **traffic)["routes"][0]["handle"][0]["routes"]


def weights(handler):
    return dict(zip(("blue", "green"), handler["load_balancing"]["selection_policy"]["weights"]))


class Config(unittest.TestCase):
    def test_without_domains_any_host_is_served_over_plain_http(self):
        self.assertEqual(server()["listen"], [":80"])
        self.assertNotIn("match", server()["routes"][0])
        self.assertNotIn("tls", config()["apps"])

    def test_domains_are_served_over_https_by_all_versions_of_http(self):
        made = server({"domains": ["a.example.com"]})
        self.assertEqual((made["listen"], made["protocols"]), ([":443"], ["h1", "h2", "h3"]))
        self.assertEqual(made["routes"][0]["match"], [{"host": ["a.example.com"]}])

    def test_the_issuer_is_caddys_own_unless_an_authority_is_set(self):
        def issuer(**settings):
            return config({"domains": ["a.example.com"], **settings})["apps"]["tls"]["automation"]["policies"][0]["issuers"]

        self.assertEqual(issuer(), [{"module": "acme"}])
        self.assertEqual(issuer(authority="https://ca/directory", email="a@b.c"), [{"module": "acme", "ca": "https://ca/directory", "email": "a@b.c"}])

    def test_both_slots_stay_upstreams_so_that_requests_in_flight_are_counted(self):
        last = routes(weights={"blue": 0, "green": 100})[-1]["handle"][0]
        self.assertEqual([one["dial"] for one in last["upstreams"]], list(DIALS.values()))
        self.assertEqual(weights(last), {"blue": 0, "green": 100})

    def test_without_any_weight_the_answer_is_503(self):
        last = routes(weights={"blue": 0, "green": 0})[-1]["handle"][0]
        self.assertEqual((last["handler"], last["status_code"]), ("static_response", 503))

    def test_the_probe_comes_before_the_pause_and_the_pause_before_the_weights(self):
        probe, pause = {"colour": "green", "token": "p"}, {"content_type": "text/html", "body": "later", "token": "t", "retry_after": 600}
        first, second, last = routes(probe=probe, pause=pause)
        self.assertEqual(first["match"], [{"header": {"x-infer-deploy-probe": ["p"]}}])
        self.assertEqual(weights(first["handle"][0]), {"blue": 0, "green": 1})
        self.assertEqual(second["match"], [{"not": [{"header": {"x-infer-deploy-pass": ["t"]}}]}])
        self.assertEqual(second["handle"][0]["headers"]["Retry-After"], ["600"])
        self.assertEqual(weights(last["handle"][0]), {"blue": 90, "green": 10})
        self.assertTrue(first["terminal"] and second["terminal"])

    def test_no_text_of_the_user_is_taken_for_a_placeholder(self):
        pause = {"content_type": "text/plain", "body": '{"error": "{file./etc/shadow}"}', "token": "t", "retry_after": 1}
        self.assertEqual(routes(pause=pause)[0]["handle"][0]["body"], '\\{"error": "\\{file./etc/shadow}"}')

    def test_the_headers_are_on_every_answer_and_the_body_has_its_limit(self):
        settings = {"headers": {"X-A": "b"}, "body_limit_bytes": 10}
        headers, limit = routes(settings)[0]["handle"]
        self.assertEqual(headers["response"]["set"], {"X-A": ["b"]})
        self.assertEqual(limit, {"handler": "request_body", "max_size": 10})
        self.assertEqual(server(settings)["errors"]["routes"][0]["handle"][0], headers)

    def test_nothing_ends_what_is_in_flight_during_a_change(self):
        self.assertNotIn("grace_period", config()["apps"]["http"])
        last = routes()[-1]["handle"][0]
        self.assertEqual((last["flush_interval"], last["stream_close_delay"]), (-1, "30s"))

    def test_the_access_log_has_no_headers_and_is_rotated(self):
        access = config()["logging"]["logs"]["access"]
        self.assertEqual(access["encoder"]["fields"]["request>headers"], {"filter": "delete"})
        self.assertLessEqual(access["writer"]["roll_size_mb"] * (1 + access["writer"]["roll_keep"]), 200)


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
