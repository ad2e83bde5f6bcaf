"""FilterLogEvents: the events of all streams by time, in pages of at most 1 MB; the streams by a prefix of their names.

"The returned log events are sorted by event timestamp, the timestamp when the event was ingested by CloudWatch Logs, and the ID of the
PutLogEvents request" (API reference, FilterLogEvents). Moto sorts within each stream, knows no prefix, and measures pages by their events only.
"""

import json

from moto.logs.models import LogStream
from moto.logs.responses import LogsResponse

from emulator.patching import patches
from emulator.weather.api import late_logs

PAGE_EVENTS, PAGE_BYTES = 10_000, 2**20


@patches(LogsResponse, "filter_log_events")
def filter_log_events(moto, response):
    group = response.logs_backend.groups.get(response._get_param("logGroupName"))
    if group is None or (response._get_param("limit") or 0) > PAGE_EVENTS:
        # Its refusals are AWS's.
        return moto()
    names = response._get_param("logStreamNames") or list(group.streams)
    prefix = response._get_param("logStreamNamePrefix") or ""
    wanted = response._get_param("startTime"), response._get_param("endTime"), response._get_param("filterPattern")
    streams = [group.streams[name] for name in names if name in group.streams and name.startswith(prefix)]
    events = sorted((event for stream in streams for event in stream.filter_log_events(*wanted)), key=place)
    return json.dumps(page(events, response._get_param("nextToken"), response._get_param("limit") or PAGE_EVENTS))


def page(events, token, limit):
    rest = [event for event in events if token is None or place(event) > tuple(json.loads(token))]
    found, size = [], 0
    for event in rest[:limit]:
        size += len(event["message"].encode())
        if found and size > PAGE_BYTES:
            break
        found.append(event)
    more = len(found) < len(rest)
    return {"events": found, "searchedLogStreams": [], **({"nextToken": json.dumps(place(found[-1]))} if more else {})}


def place(event):
    return event["timestamp"], event["ingestionTime"], int(event["eventId"])


@patches(LogStream, "filter_log_events")
def shown_events(moto, stream, *wanted):
    return [event for event in moto(*wanted) if late_logs.is_shown(event["ingestionTime"])]
