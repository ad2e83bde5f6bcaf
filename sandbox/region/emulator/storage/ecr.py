"""ECR in front of a real registry: it lists the images that were pushed there. moto only knows those of PutImage."""

import base64
import datetime
import json

from moto.core.exceptions import JsonRESTError
from moto.ecr.exceptions import ImageAlreadyExistsException, RepositoryNotFoundException
from moto.ecr.models import ECRBackend, Image
from moto.ecr.responses import ECRResponse

from emulator import settings
from emulator.storage import registry
from emulator.patching import patches


class PushedImage(Image):
    """An image in the registry. Its size is the sum of the configuration and the compressed layers (ImageDetail)."""

    def get_image_size_in_bytes(self):
        parts = json.loads(self.image_manifest)
        return sum(part.get("size", 0) for part in [parts.get("config", {}), *parts.get("layers", [])]) or None


@patches(ECRResponse, "get_authorization_token")
def get_authorization_token(moto, response):
    """AWS's tokens are valid for 12 hours; moto's expired in 2015. The endpoint is the registry's port on this machine, and the
    token is its login (Private registry authentication)."""
    answer = moto()
    for data in answer.result["authorizationData"]:
        if settings.REGISTRY_PASSWORD:
            data["authorizationToken"] = base64.b64encode(f"AWS:{settings.REGISTRY_PASSWORD}".encode()).decode()
        data["expiresAt"] = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=12)
        if settings.REGISTRY:
            data["proxyEndpoint"] = f"http://{settings.REGISTRY}"
    return answer


@patches(ECRBackend, "list_images")
def list_images(moto, backend, repository_name, *args, **kwargs):
    refresh(backend, repository_name)
    return moto(repository_name, *args, **kwargs)


@patches(ECRBackend, "describe_images")
def describe_images(moto, backend, repository_name, *args, **kwargs):
    refresh(backend, repository_name)
    return moto(repository_name, *args, **kwargs)


@patches(ECRBackend, "batch_get_image")
def batch_get_image(moto, backend, repository_name, registry_id=None, image_ids=None):
    refresh(backend, repository_name, digests_in(image_ids))
    return moto(repository_name, registry_id, image_ids)


@patches(ECRBackend, "put_image")
def put_image(moto, backend, repository_name, image_manifest, image_tag, image_manifest_mediatype=None, digest=None):
    """AWS stores the image in the registry. Where tags are immutable it refuses a tag of another image, with a different error
    than for a tag that this image already has (PutImage, "Errors"; Image tag mutability)."""
    repository = backend.repositories.get(repository_name)
    if repository is None:
        raise RepositoryNotFoundException(repository_name, backend.account_id)
    if not settings.REGISTRY_URL:
        return moto(repository_name, image_manifest, image_tag, image_manifest_mediatype, digest)
    refresh(backend, repository_name)
    found = registry.sha256(image_manifest.encode())
    if digest not in (None, found):
        raise JsonRESTError("ImageDigestDoesNotMatchException", f"The digest of the manifest is {found}, not {digest}")
    holder = next((image for image in repository.images if image_tag in image.image_tags), None)
    if holder and holder.get_image_digest() == found:
        raise ImageAlreadyExistsException(repository_name, backend.account_id, found, image_tag)
    if holder and repository.is_tag_immutable():
        raise JsonRESTError(
            "ImageTagAlreadyExistsException",
            f"The image tag '{image_tag}' already exists in the '{repository_name}' repository and cannot be overwritten "
            "because the repository is immutable.",
        )
    media_type = image_manifest_mediatype or json.loads(image_manifest).get("mediaType", "")
    if not registry.put(repository_name, image_tag, image_manifest.encode(), media_type):
        raise JsonRESTError("LayersNotFoundException", f"Layers of the manifest are not in the repository '{repository_name}'")
    refresh(backend, repository_name)
    image = next(image for image in repository.images if image_tag in image.image_tags)
    image.image_tag = image_tag
    return image


@patches(ECRBackend, "batch_delete_image")
def batch_delete_image(moto, backend, repository_name, registry_id=None, image_ids=None):
    """AWS deletes an image with its last tag, and by digest with all its tags; the registry follows. It keeps what an image
    index refers to, also in the request that deletes the index (BatchDeleteImage, "failures": ImageReferencedByManifestList;
    https://github.com/opensupplyhub/open-supply-hub/pull/1243)."""
    refresh(backend, repository_name, digests_in(image_ids))
    before = tagged(backend, repository_name)
    parts = parts_of_indexes(backend, repository_name)
    kept = [image_id for image_id in image_ids or [] if would_go(image_id, before) in parts]
    others = [image_id for image_id in image_ids or [] if image_id not in kept]
    answer = {"imageIds": [], "failures": []} if kept and not others else moto(repository_name, registry_id, others)
    answer["failures"] += [
        {
            "imageId": image_id,
            "failureCode": "ImageReferencedByManifestList",
            "failureReason": "Requested image referenced by manifest list",
        }
        for image_id in kept
    ]
    after = tagged(backend, repository_name)
    # moto names a deleted image once for each of its tags, so one without a tag never.
    answer["imageIds"] += [{"imageDigest": digest} for digest in before.keys() - after.keys() if not before[digest]]
    if settings.REGISTRY_URL:
        for digest in before.keys() - after.keys():
            registry.delete(repository_name, digest)
        for digest in before.keys() & after.keys():
            for tag in before[digest] - after[digest]:
                registry.untag(repository_name, tag)
    return answer


@patches(ECRBackend, "delete_repository")
def delete_repository(moto, backend, repository_name, *args, **kwargs):
    """AWS refuses a repository with images unless forced; then the images are deleted from the registry too."""
    refresh(backend, repository_name)
    digests = tagged(backend, repository_name)
    answer = moto(repository_name, *args, **kwargs)
    if settings.REGISTRY_URL:
        for digest in digests:
            registry.delete(repository_name, digest)
    return answer


def refresh(backend, repository_name, digests=()):
    """Updates the images from the registry. An image whose tag moved stays, untagged, while the registry has it. The registry
    stores no dates: an image counts as pushed when it is first seen here. It lists no image without a tag, so such a one is first
    seen when a request names its digest."""
    repository = backend.repositories.get(repository_name)
    if repository is None or not settings.REGISTRY_URL:
        return
    tags = registry.tags(repository_name)
    known = {image.get_image_digest(): image for image in repository.images}
    wanted = {*tags.values(), *digests} - known.keys()
    while wanted:
        digest = wanted.pop()
        found = registry.manifest(repository_name, digest)
        if found:
            text, media_type = found
            known[digest] = PushedImage(backend.account_id, None, text, repository_name, media_type, digest)
            # The parts of an image index are images without a tag.
            wanted |= set(parts_of(text)) - known.keys()
    for digest, image in list(known.items()):
        image.image_tags = sorted(tag for tag, of in tags.items() if of == digest)
        image.image_tag = image.image_tags[-1] if image.image_tags else None
        if not image.image_tags and isinstance(image, PushedImage) and not registry.digest_of(repository_name, digest):
            del known[digest]
    repository.images = list(known.values())


def digests_in(image_ids):
    return [image_id["imageDigest"] for image_id in image_ids or [] if "imageDigest" in image_id]


def parts_of(manifest):
    """Digests of the images that an image index refers to; empty for any other manifest."""
    return [part["digest"] for part in json.loads(manifest).get("manifests", [])]


def parts_of_indexes(backend, repository_name):
    repository = backend.repositories.get(repository_name)
    return {part for image in repository.images for part in parts_of(image.image_manifest)} if repository else set()


def would_go(image_id, images):
    """The digest of the image that a request deletes whole; None when it only removes one of several tags."""
    if "imageDigest" in image_id:
        return image_id["imageDigest"]
    return next((digest for digest, tags in images.items() if tags == {image_id.get("imageTag")}), None)


def tagged(backend, repository_name):
    repository = backend.repositories.get(repository_name)
    return {image.get_image_digest(): set(image.image_tags) for image in repository.images} if repository else {}
