"""A server whose every byte the test decides."""
import socketserver
import threading
import time


def serve(test, pieces, pause=0.0):
    """Answers each connection with the pieces, a pause after each, and closes it. The port on 127.0.0.1; it ends with the test."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.recv(65536)
            try:
                for piece in pieces:
                    self.request.sendall(piece)
                    time.sleep(pause)
            except OSError:
                pass

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads, server.block_on_close = True, False
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    test.addCleanup(server.server_close)
    test.addCleanup(server.shutdown)
    return server.server_address[1]
