"""The HTTP server: the sandbox's paths, and moto for everything else."""

import contextlib
import functools
import io
import os
import signal
import socket
import struct
import threading
import time

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server

from emulator import calls, extension, gate, refusals, sandbox_api, ticker, warm_up
from emulator.account import price_list
from emulator.compute import client_tokens, instance_metadata
from emulator.lock import CONTROL_PLANE
from emulator.monitoring import mail
from emulator.storage import object_ranges
from emulator.weather import switches
from emulator.weather.api import skew

PORT = 5000


class Application:
    def __init__(self):
        self.moto = DomainDispatcherApplication(create_backend_app)
        # To find a service by its host, moto lists a folder and tries a hundred patterns for each request.
        self.moto.get_backend_for_host = functools.lru_cache(maxsize=1000)(self.moto.get_backend_for_host)

    def __call__(self, environ, start_response):
        call = calls.Call(environ, start_response)
        refusal = gate.refusal(call)
        if refusal is not None:
            return refusal
        if environ.get("PATH_INFO", "").startswith("/_sandbox/"):
            return sandbox_api.application(environ, start_response)
        # Read the body before taking the lock: a slow client must not block the region.
        call.body = body_of(environ)
        environ["wsgi.input"] = io.BytesIO(call.body)
        try:
            if call.by_controller:
                return self.ask_moto(call)
            calls.note(call)
            return switches.answer(call, lambda: self.ask_moto(call))
        except ConnectionError:
            # The answer is lost: the request handler closes the connection.
            raise
        except Exception as error:
            return refusals.for_failure(call, error)

    def ask_moto(self, call):
        if price_list.is_asked(call):
            return price_list.answer(call)
        part = object_ranges.answer(call, self.moto)
        if part is not None:
            return part
        with CONTROL_PLANE:
            return client_tokens.answer(call, self.moto)


class RequestHandler(MotoRequestHandler):
    # Head and body leave in one write. Between two, the client of Terraform's provider at times closed the connection and asked again.
    wbufsize = 1 << 20

    def handle_expect_100(self):
        """The client waits for this line before it sends the body."""
        proceed = super().handle_expect_100()
        self.wfile.flush()
        return proceed

    def finish(self):
        """A client that closes its connection in the middle of a large object does not want the rest."""
        with contextlib.suppress(ConnectionError):
            super().finish()

    def connection_dropped(self, error, environ=None):
        """Closes the connection without an answer. A client that has gone away does not mind."""
        # On close, the system then sends a reset instead of the end of the stream.
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def date_time_string(self, timestamp=None):
        """The Date header, by the region's clock."""
        return super().date_time_string((timestamp or time.time()) + skew.offset())

    def log_request(self, code="-", size="-"):
        """Logs failed requests only: the controller sends several a second."""
        if str(code).startswith("5"):
            super().log_request(code, size)


def body_of(environ):
    if environ.get("wsgi.input_terminated"):
        return environ["wsgi.input"].read()
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def serve():
    """Serves until SIGTERM. Everything is in memory, so there is nothing to save, and the process exits at once."""
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    extension.load()
    mail.serve()
    server = make_server("0.0.0.0", PORT, Application(), threaded=True, request_handler=RequestHandler)
    threading.Thread(target=instance_metadata.serve, daemon=True).start()
    threading.Thread(target=ticker.run, daemon=True).start()
    threading.Thread(target=warm_up.warm, daemon=True).start()
    server.serve_forever()
