"""Log events as FilterLogEvents returns them."""

import time

from region import RegionTest, WeatherTest, also_in_moto, client

NOW = int(time.time() * 1000)


class Events(RegionTest):
    def setUp(self):
        super().setUp()
        self.logs = client("logs")
        self.logs.create_log_group(logGroupName="app")
        for name, times in (("i-1/blue", (1, 3)), ("i-2/blue", (2, 4)), ("i-10/green", (5,))):
            self.put(name, *[(NOW + at, f"{name} {at}") for at in times])

    def put(self, stream, *events):
        self.logs.create_log_stream(logGroupName="app", logStreamName=stream)
        self.logs.put_log_events(logGroupName="app", logStreamName=stream, logEvents=[{"timestamp": at, "message": text} for at, text in events])

    def messages(self, **wanted):
        return [event["message"] for event in self.logs.filter_log_events(logGroupName="app", **wanted)["events"]]

    def test_events_of_all_streams_are_in_the_order_of_time(self):
        self.assertEqual([text[-1] for text in self.messages()], list("12345"))

    def test_streams_by_the_beginning_of_their_names(self):
        self.assertEqual(self.messages(logStreamNamePrefix="i-1/"), ["i-1/blue 1", "i-1/blue 3"])
        self.assertEqual(self.messages(logStreamNamePrefix="i-3"), [])

    def test_a_page_has_at_most_a_megabyte(self):
        self.put("large", *[(NOW + 10 + number, "x" * 200_000) for number in range(8)])
        pages = list(self.logs.get_paginator("filter_log_events").paginate(logGroupName="app", startTime=NOW + 10))
        self.assertEqual([len(page["events"]) for page in pages], [5, 3])

    @also_in_moto
    def test_a_limit_and_the_rest(self):
        first = self.logs.filter_log_events(logGroupName="app", limit=2, logStreamNames=["i-1/blue", "i-10/green"])
        rest = self.logs.filter_log_events(logGroupName="app", nextToken=first["nextToken"], logStreamNames=["i-1/blue", "i-10/green"])
        self.assertEqual([event["message"][-1] for page in (first, rest) for event in page["events"]], list("135"))
        self.assertNotIn("nextToken", rest)

    @also_in_moto
    def test_a_range_of_time_and_a_group_that_is_not_there(self):
        self.assertEqual(self.messages(startTime=NOW + 2, endTime=NOW + 2), ["i-2/blue 2"])
        self.refused("ResourceNotFoundException", self.logs.filter_log_events, logGroupName="other")


class LateLogs(WeatherTest):
    def test_an_event_is_shown_some_time_after_it_was_put(self):
        self.switch(late_logs="1s")
        logs = client("logs")
        logs.create_log_group(logGroupName="app")
        logs.create_log_stream(logGroupName="app", logStreamName="i-1")
        logs.put_log_events(logGroupName="app", logStreamName="i-1", logEvents=[{"timestamp": NOW, "message": "hello"}])
        self.assertEqual(logs.filter_log_events(logGroupName="app")["events"], [])
        self.eventually(lambda: logs.filter_log_events(logGroupName="app")["events"])
