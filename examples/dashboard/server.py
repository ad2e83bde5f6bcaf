"""Answers with a word's length, keeps metrics in Prometheus' text format, and logs each request as a line of JSON."""

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

counts = {"requests": 0, "seconds": 0.0, "running": 0}


def metrics() -> str:
    return (
        "# TYPE predictions_total counter\n"
        f'predictions_total{{model="length"}} {counts["requests"]}\n'
        "# TYPE prediction_seconds summary\n"
        f"prediction_seconds_sum {counts['seconds']}\n"
        f"prediction_seconds_count {counts['requests']}\n"
        "# TYPE predictions_running gauge\n"
        f"predictions_running {counts['running']}\n"
    )


class Handler(BaseHTTPRequestHandler):
    timeout = 10  # seconds that a connection may be idle

    def do_GET(self) -> None:
        page, _, word = self.path.partition("?")
        if page == "/healthz":
            self.answer(200, "ok\n")
        elif page == "/metrics":
            self.answer(200, metrics())
        else:
            self.predict(page, word)

    def predict(self, page: str, word: str) -> None:
        counts["running"] += 1
        begun = time.monotonic()
        status = 200 if page == "/" else 404
        self.answer(status, f"{len(word)}\n")
        seconds = time.monotonic() - begun
        counts["running"] -= 1
        counts["requests"] += 1
        counts["seconds"] += seconds
        # One line of JSON: CloudWatch Logs Insights finds its keys as fields.
        print(json.dumps({"level": "info", "path": page, "status": status, "seconds": round(seconds, 6)}))

    def answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


with ThreadingHTTPServer(("", 8000), Handler) as server:
    server.serve_forever()
