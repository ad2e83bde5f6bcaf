"""What CloudFront's kinds of resources have in common: ids, versions, names and refusals."""

import copy
import secrets
import string
import time

from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.responses import CloudFrontResponse
from moto.cloudfront.urls import url_paths

# A few seconds here; minutes on AWS.
DEPLOY_SECONDS = 3.0


class Entity:
    """A resource with a configuration and a version, which AWS calls its ETag."""

    def __init__(self, number, config):
        self.id = number
        self.made = time.time()
        self.put(config)

    def put(self, config):
        self.config = copy.deepcopy(config)
        self.etag = f"E{random_text(13)}"
        self.changed = time.time()

    @property
    def deployed(self):
        return time.time() - self.changed > DEPLOY_SECONDS


def shelf(backend, kind):
    """id -> entity, of one kind in one account."""
    if not hasattr(backend, "sandbox_edge"):
        backend.sandbox_edge = {}
    return backend.sandbox_edge.setdefault(kind, {})


def find(entities, number, code):
    if number not in entities:
        raise CloudFrontException(code, "The specified resource does not exist.")
    return entities[number]


def check_version(etag, if_match):
    """An update and a deletion name the version that they are about (API reference, "InvalidIfMatchVersion", "PreconditionFailed")."""
    if not if_match:
        raise CloudFrontException("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    if if_match != etag:
        raise CloudFrontException("PreconditionFailed", "The precondition in one or more of the request fields evaluated to false.")


def listed(items):
    """All on one page."""
    return {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(items), "Items": items}


def add_paths(*paths):
    """Leads paths of CloudFront's API to moto, which finds the operation in botocore's model."""
    for path in paths:
        url_paths["{0}/2020-05-31/" + path + "$"] = CloudFrontResponse.dispatch


def policy_id():
    text = secrets.token_hex(16)
    return "-".join([text[:8], text[8:12], text[12:16], text[16:20], text[20:]])


def random_text(length):
    return "".join(secrets.choice(string.ascii_uppercase + string.digits) for _ in range(length))
