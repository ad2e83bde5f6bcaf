"""A gRPC server with one unary and one streaming method, and gRPC's own health service."""
import concurrent.futures
import os
import signal
import time

import grpc
import shout_pb2
import shout_pb2_grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

VERSION = os.environ.get("VERSION", "1")
# Within container.stop_timeout, which is requests.timeout by default.
DRAIN_SECONDS = 50


class Shout(shout_pb2_grpc.ShoutServicer):
    def Say(self, request, context):
        return shout_pb2.Text(text=request.text.upper(), version=VERSION)

    def Words(self, request, context):
        for word in request.text.split():
            yield shout_pb2.Text(text=word.upper(), version=VERSION)
            time.sleep(0.2)


server = grpc.server(concurrent.futures.ThreadPoolExecutor(max_workers=32))
shout_pb2_grpc.add_ShoutServicer_to_server(Shout(), server)
checks = health.HealthServicer()
health_pb2_grpc.add_HealthServicer_to_server(checks, server)
server.add_insecure_port("0.0.0.0:50051")
server.start()
# Here a model would be loaded first: until then the health service says NOT_SERVING.
SERVING = os.environ.get("SERVING", "yes") == "yes"
checks.set("", health_pb2.HealthCheckResponse.SERVING if SERVING else health_pb2.HealthCheckResponse.NOT_SERVING)
print(f"version {VERSION} serves on port 50051", flush=True)


def stop(*_):
    # Calls in flight get to finish.
    server.stop(DRAIN_SECONDS)


signal.signal(signal.SIGTERM, stop)
server.wait_for_termination()
