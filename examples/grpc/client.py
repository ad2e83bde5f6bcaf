"""Calls the server, once or for a while: client.py HOST:PORT [--seconds N] [--ca FILE] [--name DOMAIN] [--plain]."""
import argparse
import json
import time

import grpc
import shout_pb2
import shout_pb2_grpc

options = argparse.ArgumentParser()
options.add_argument("address")
options.add_argument("--seconds", type=float, default=0)
options.add_argument("--ca")
options.add_argument("--name", help="the domain, where the address is another name of the same server")
options.add_argument("--plain", action="store_true", help="without TLS, to a container on this machine")
options = options.parse_args()

settings = [("grpc.ssl_target_name_override", options.name), ("grpc.default_authority", options.name)] if options.name else []
if options.plain:
    channel = grpc.insecure_channel(options.address)
else:
    root = open(options.ca, "rb").read() if options.ca else None
    channel = grpc.secure_channel(options.address, grpc.ssl_channel_credentials(root), options=settings)
shout = shout_pb2_grpc.ShoutStub(channel)

end = time.monotonic() + options.seconds
calls, streams, failures, versions = 0, 0, [], {}
while True:
    try:
        answer = shout.Say(shout_pb2.Text(text="hello"), timeout=10)
        assert answer.text == "HELLO", answer.text
        versions[answer.version] = versions.get(answer.version, 0) + 1
        calls += 1
        if calls % 20 == 1:
            words = [answer.text for answer in shout.Words(shout_pb2.Text(text="one two three"), timeout=10)]
            assert words == ["ONE", "TWO", "THREE"], words
            streams += 1
    except (grpc.RpcError, AssertionError) as error:
        failures.append(f"{error.code().name}: {error.details()}" if isinstance(error, grpc.RpcError) else f"wrong answer: {error}")
    if time.monotonic() >= end:
        break
    time.sleep(0.05)
print(json.dumps({"calls": calls, "streams": streams, "versions": versions, "failures": failures}))
