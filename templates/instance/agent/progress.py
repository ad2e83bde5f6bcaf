"""How much of an image Docker has pulled."""
import time

REPORT_SECONDS = 5


class Progress:
    """layers: by id, the size that Docker names, and how much of it was downloaded and unpacked, in bytes."""

    def __init__(self, report):
        self.report, self.layers, self.percent, self.next_report = report, {}, 0, 0.0

    def note(self, message):
        """One of Docker's messages. Every few seconds the share goes to `report`."""
        layer, detail = self.layers.setdefault(message.get("id"), [0, 0, 0]), message.get("progressDetail") or {}
        status = message.get("status", "")
        if status in ("Downloading", "Extracting") and detail.get("total"):
            layer[0] = detail["total"]
            layer[1 if status == "Downloading" else 2] = min(detail.get("current", 0), layer[0])
        if status in ("Download complete", "Extracting", "Pull complete"):
            layer[1] = layer[0]
        if status == "Pull complete":
            layer[2] = layer[0]
        size, downloaded, unpacked = map(sum, zip(*self.layers.values()))
        if size and time.monotonic() >= self.next_report:
            self.next_report = time.monotonic() + REPORT_SECONDS
            # Docker names a layer's size when its download begins, so the share would fall when a large one follows.
            self.percent = max(self.percent, min(99, 50 * (downloaded + unpacked) // size))
            self.report(self.percent, size // 10**6)
