"""The region's mail: an SMTP server that keeps what it gets, so that a person and a test can read it."""

import collections
import datetime
import email
import email.policy
import smtplib
import socketserver
import threading
from email.message import EmailMessage

ADDRESS = ("127.0.0.1", 2525)
KEPT = collections.deque(maxlen=500)


class Session(socketserver.StreamRequestHandler):
    """As much of RFC 5321 as a client needs that sends one message after the other."""

    timeout = 10

    def handle(self):
        self.say("220 mail")
        for line in iter(self.rfile.readline, b""):
            verb = line.split(b":")[0].strip().upper()
            if verb == b"DATA":
                self.say("354 go ahead")
                self.keep()
            self.say("221 bye" if verb == b"QUIT" else "250 ok")
            if verb == b"QUIT":
                return

    def keep(self):
        lines = []
        for line in iter(self.rfile.readline, b".\r\n"):
            if line == b"":
                return
            lines.append(line.removeprefix(b"."))
        found = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        at = datetime.datetime.now(datetime.timezone.utc).isoformat()
        KEPT.append({"to": found["To"], "subject": found["Subject"], "text": found.get_content(), "at": at})

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


def send(to, subject, text):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "no-reply@sns.amazonaws.com", to, subject
    message.set_content(text)
    with smtplib.SMTP(*ADDRESS, timeout=5) as client:
        client.send_message(message)


def serve():
    server = Server(ADDRESS, Session)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def kept(_query=None):
    """The newest 500 messages, oldest first."""
    return {"messages": list(KEPT)}
