"""ECR's basic scan. Nothing is scanned here: an image has the findings that its label `infer-deploy.sandbox.findings` names, such as
"CRITICAL=1 HIGH=3", or the status that it names, such as "UNSUPPORTED_IMAGE"; without the label, none.

As on AWS there is no scan right after a push, then one in progress, and then its result (Scan images for OS vulnerabilities;
DescribeImageScanFindings, "Errors": ScanNotFoundException). It takes seconds there; here three, from the moment when the image is first seen.

An image index is not scanned, but the images in it are (https://github.com/aws/containers-roadmap/issues/1683), and of those not an
attestation, whose layers are no files (https://github.com/moby/buildkit/issues/3499)."""

import datetime
import json
import time

from moto.ecr.exceptions import ScanNotFoundException
from moto.ecr.models import ECRBackend

from emulator import settings
from emulator.patching import patches
from emulator.storage import registry
from emulator.storage.ecr import parts_of, refresh

LABEL = "infer-deploy.sandbox.findings"
BEGINS = 1
ENDS = 3


@patches(ECRBackend, "describe_image_scan_findings")
def describe_image_scan_findings(moto, backend, registry_id, repository_name, image_id):
    if not settings.REGISTRY_URL:
        return moto(registry_id, repository_name, image_id)
    refresh(backend, repository_name)
    repository = backend._get_repository(repository_name, registry_id)
    image = repository._get_image(image_id.get("imageTag"), image_id.get("imageDigest"))
    age = time.time() - image.image_pushed_at
    is_scanned = repository.image_scanning_configuration.get("scanOnPush") and not parts_of(image.image_manifest)
    if not is_scanned or age < BEGINS:
        raise ScanNotFoundException(image_id=str(image_id), repository_name=repository_name, registry_id=repository.registry_id)
    answer = {"registryId": repository.registry_id, "repositoryName": repository_name, "imageId": image.image_id}
    if age < ENDS:
        return {**answer, "imageScanStatus": {"status": "IN_PROGRESS", "description": "The scan is in progress."}}
    words = ["UNSUPPORTED_IMAGE"] if is_attestation(image) else label(repository_name, image).split()
    if any("=" not in word for word in words):
        return {**answer, "imageScanStatus": {"status": words[0], "description": f"{words[0]}: the scan cannot be made."}}
    over = datetime.datetime.fromtimestamp(image.image_pushed_at + ENDS, datetime.timezone.utc)
    counts = {severity: int(number) for severity, number in (word.split("=") for word in words)}
    return {
        **answer,
        "imageScanStatus": {"status": "COMPLETE", "description": "The scan was completed successfully."},
        "imageScanFindings": {
            "imageScanCompletedAt": over,
            "vulnerabilitySourceUpdatedAt": over,
            "findings": [
                {"name": f"SANDBOX-{severity}-{number + 1}", "severity": severity, "attributes": []}
                for severity, found in counts.items()
                for number in range(found)
            ],
            "findingSeverityCounts": counts,
        },
    }


def label(repository_name, image):
    """The label's text; empty for an image without it."""
    text = registry.blob(repository_name, json.loads(image.image_manifest)["config"]["digest"])
    labels = json.loads(text or "{}").get("config", {}).get("Labels") or {}
    return labels.get(LABEL, "")


def is_attestation(image):
    layers = json.loads(image.image_manifest).get("layers", [])
    return any(layer.get("mediaType") == "application/vnd.in-toto+json" for layer in layers)
