"""How much of an image Docker has pulled."""
import time

REPORT_SECONDS = 5


class Progress:
    """sizes: the bytes of each layer, by Docker's id of it; without any, no share is known. done: what is downloaded plus what is unpacked."""

    def __init__(self, sizes, report):
        self.sizes, self.report, self.next_report = sizes, report, 0.0
        self.done = dict.fromkeys(sizes, 0)

    def note(self, message):
        """One of Docker's messages. Every few seconds `report(percent, megabytes)` gets the share and the size of the whole image."""
        layer, status = message.get("id"), message.get("status")
        if layer not in self.sizes:
            return
        size, detail = self.sizes[layer], message.get("progressDetail") or {}
        current = detail.get("current", 0)
        if status in ("Pull complete", "Already exists"):
            self.done[layer] = 2 * size
        elif status in ("Download complete", "Extracting"):
            # With another storage Docker counts seconds here.
            self.done[layer] = size + (min(current, size) if detail.get("total") == size else 0)
        elif status == "Downloading":
            self.done[layer] = min(current, size)
        if time.monotonic() >= self.next_report:
            self.next_report = time.monotonic() + REPORT_SECONDS
            total = sum(self.sizes.values())
            self.report(50 * sum(self.done.values()) // max(total, 1), max(1, total // 10**6))
