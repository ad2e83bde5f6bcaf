"""What the registry says about an image, and how much of it was pulled."""
import json
import unittest

import agent_parts
from fetch import layer_sizes
from problem import Problem
from progress import Progress

IMAGE = "1.dkr.ecr.eu-central-1.amazonaws.com/infer-deploy/app/production@sha256:1"
BASE, MODEL = "a" * 12, "b" * 12


class Registry:
    """Holds the answer of BatchGetImage; a Problem is raised."""

    def __init__(self, answer):
        self.answer, self.asked = answer, None

    def call(self, service, target, payload):
        self.asked = (service, target.split(".")[1], payload)
        if isinstance(self.answer, Problem):
            raise self.answer
        return self.answer


class Sizes(unittest.TestCase):
    def test_sizes_of_a_manifest(self):
        layers = [{"digest": f"sha256:{BASE}{'0' * 52}", "size": 7}, {"digest": f"sha256:{MODEL}{'0' * 52}", "size": 9}]
        registry = Registry({"images": [{"imageManifest": json.dumps({"layers": layers})}]})
        self.assertEqual(layer_sizes(IMAGE, registry), {BASE: 7, MODEL: 9})
        wanted = {"repositoryName": "infer-deploy/app/production", "imageIds": [{"imageDigest": "sha256:1"}]}
        self.assertEqual(registry.asked, ("ecr", "BatchGetImage", wanted))

    def test_no_manifest_no_sizes(self):
        """A refusal, a missing image, an index of images, what is not JSON."""
        for answer in (Problem("AccessDeniedException"), {"images": []}, {}, {"images": [{"imageManifest": '{"manifests": []}'}]}, {"images": [{"imageManifest": ""}]}):
            self.assertEqual(layer_sizes(IMAGE, Registry(answer)), {})


class Shares(unittest.TestCase):
    def setUp(self):
        agent_parts.replace(self, "REPORT_SECONDS", 0)
        self.shares = []

    def note(self, progress, status, layer, current=None, total=None):
        detail = {} if current is None else {"current": current, "total": total}
        progress.note({"status": status, "progressDetail": detail, "id": layer})

    def test_the_share_counts_bytes_that_are_downloaded_and_unpacked(self):
        progress = Progress({BASE: 200 * 10**6, MODEL: 800 * 10**6}, lambda *share: self.shares.append(share))
        progress.note({"status": "Pulling from app", "id": "sha256:1"})
        for message in (
            ("Pulling fs layer", BASE), ("Already exists", BASE), ("Downloading", MODEL, 0, 800 * 10**6), ("Downloading", MODEL, 400 * 10**6, 800 * 10**6),
            ("Download complete", MODEL), ("Extracting", MODEL, 600 * 10**6, 800 * 10**6), ("Pull complete", MODEL),
        ):
            self.note(progress, *message)
        progress.note({"status": "Digest: sha256:1"})
        self.assertEqual([percent for percent, _ in self.shares], [0, 20, 20, 40, 60, 90, 100])
        self.assertEqual({size for _, size in self.shares}, {1000})

    def test_unpacking_that_is_counted_in_seconds(self):
        progress = Progress({MODEL: 1000}, lambda *share: self.shares.append(share))
        progress.note({"status": "Extracting", "progressDetail": {"current": 12, "units": "s"}, "id": MODEL})
        self.assertEqual(self.shares, [(50, 1)])

    def test_without_sizes_there_is_no_share(self):
        progress = Progress({}, lambda *share: self.shares.append(share))
        self.note(progress, "Downloading", MODEL, 5, 10)
        self.assertEqual(self.shares, [])

    def test_a_report_comes_every_few_seconds_only(self):
        agent_parts.replace(self, "REPORT_SECONDS", 60)
        progress = Progress({MODEL: 10}, lambda *share: self.shares.append(share))
        for current in range(10):
            self.note(progress, "Downloading", MODEL, current, 10)
        self.assertEqual(len(self.shares), 1)


if __name__ == "__main__":
    unittest.main()
