"""A server of files in ranges, as S3, the hub and their CDN answer.

The contract: GET with one range answers 206 with the ETag, the range and its length; `ranges` False answers 200 with everything; If-Match with
another ETag answers 412; a path in `statuses` answers that status; one in `moved` leads elsewhere; after `most` bytes in all, every answer is cut.
"""
import hashlib
import http.server
import threading
import time


class FileServer:
    """files: content by path. asked: (path, range, authorization) of each request. most: None for no limit. pause: before each body, seconds."""

    def __init__(self, test, files):
        self.files, self.ranges, self.statuses, self.moved, self.asked, self.most, self.sent = files, True, {}, {}, [], None, 0
        self.pause = 0.0
        owner, lock = self, threading.Lock()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                path = self.path.split("?")[0]
                owner.asked.append((self.path, self.headers.get("Range"), self.headers.get("Authorization")))
                if path in owner.moved:
                    return self.reply(302, b"", {"Location": owner.moved[path]})
                if path in owner.statuses:
                    return self.reply(owner.statuses[path], b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>")
                content = owner.files.get(path)
                if content is None:
                    return self.reply(404, b"<Error><Code>NoSuchKey</Code><Message>no such key</Message></Error>")
                if self.headers.get("If-Match", etag(content)) != etag(content):
                    return self.reply(412, b"<Error><Code>PreconditionFailed</Code><Message>no</Message></Error>")
                if not owner.ranges:
                    return self.reply(200, content, {"ETag": etag(content)})
                start, end = map(int, self.headers["Range"].removeprefix("bytes=").split("-"))
                part = content[start : end + 1]
                return self.reply(206, part, {"ETag": etag(content), "Content-Range": f"bytes {start}-{end}/{len(content)}"})

            def reply(self, status, body, headers={}):
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                with lock:
                    room = len(body) if owner.most is None else max(0, owner.most - owner.sent)
                    body = body[:room]
                    owner.sent += len(body)
                time.sleep(owner.pause)
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads, server.block_on_close = True, False
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        test.addCleanup(server.server_close)
        test.addCleanup(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_address[1]}"


def etag(content):
    return f'"{hashlib.md5(content).hexdigest()}"'
