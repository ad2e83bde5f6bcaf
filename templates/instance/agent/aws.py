"""Signed AWS calls, with retries."""
import datetime
import hashlib
import hmac
import json
import re
import time
import urllib.parse
from random import uniform

from problem import Problem
from request import error_of, send

TRANSIENT = re.compile("Throttl|TooManyRequests|RequestLimit|SlowDown|RequestTimeout|ExpiredToken")


class Aws:
    """`settings`: region, domain (of the partition's services) and account. `endpoint`: a URL instead of each service's own, or ""."""

    def __init__(self, settings, metadata, endpoint):
        self.region, self.domain, self.account = settings["region"], settings["domain"], settings["account"]
        self.metadata, self.endpoint = metadata, endpoint.rstrip("/")

    def now(self):
        return datetime.datetime.now(datetime.timezone.utc)

    def call(self, service, target, payload):
        """A call of the JSON protocol, such as ("ssm", "AmazonSSM.GetParameter", {...})."""
        url = self.address("api.ecr" if service == "ecr" else service)
        headers = {"content-type": "application/x-amz-json-1.1", "x-amz-target": target}
        return json.loads(self.request("POST", url, headers, json.dumps(payload).encode(), service, target) or "{}")

    def s3(self, method, bucket, key, body=b""):
        # A bucket that another account has made under this name is refused.
        headers = {"x-amz-expected-bucket-owner": self.account, **({"content-type": "application/json"} if body else {})}
        return self.request(method, self.object_address(bucket, key), headers, body, "s3", f"S3 {method} {bucket}/{key}")

    def s3_address(self, bucket, key, version, headers):
        """(url, headers) of a GET that the caller sends itself, of a bucket that may be another account's."""
        query = f"?versionId={urllib.parse.quote(version, safe='')}" if version else ""
        url = self.object_address(bucket, key) + query
        return url, sign("GET", url, headers, b"", "s3", self.region, self.metadata.credentials(), self.now())

    def address(self, host):
        return (self.endpoint or f"https://{host}.{self.region}.{self.domain}") + "/"

    def object_address(self, bucket, key):
        base = f"{self.endpoint}/{bucket}" if self.endpoint else f"https://{bucket}.s3.{self.region}.{self.domain}"
        return f"{base}/{urllib.parse.quote(key)}"

    def request(self, method, url, headers, body, service, what):
        """Tries five times, for 6 to 12 s. Raises Problem with AWS's code and message."""
        for attempt in range(5):
            keys = self.metadata.credentials()
            signed = sign(method, url, headers, body, service, self.region, keys, self.now())
            status, answer = send(method, url, signed, body or None)
            if 200 <= status < 300:
                return answer
            code, message = error_of(answer)
            if 0 < status < 500 and status != 429 and not TRANSIENT.search(code):
                break
            if code.startswith("ExpiredToken"):
                self.metadata.until = 0.0
            time.sleep(uniform(0.5, 1) * 0.4 * 2**attempt)
        denied = status in (401, 403) or bool(re.search("Denied|Unrecognized|Invalid.*(Token|Key)", code))
        raise Problem(f"{what}: {code or status or 'no answer'} {message}".strip(), denied=denied)


def sign(method, url, headers, body, service, region, keys, now):
    """The headers to send, by Signature Version 4. `keys`: AccessKeyId, SecretAccessKey and perhaps Token."""
    parts = urllib.parse.urlsplit(url)
    stamp, digest = now.strftime("%Y%m%dT%H%M%SZ"), hashlib.sha256(body).hexdigest()
    sent = {name.lower(): " ".join(value.split()) for name, value in headers.items()}
    sent.update({"host": parts.netloc, "x-amz-date": stamp})
    if service == "s3":
        sent["x-amz-content-sha256"] = digest
    if keys.get("Token"):
        sent["x-amz-security-token"] = keys["Token"]
    names = ";".join(sorted(sent))
    # S3 signs the path as it is sent; every other service escapes it once more.
    path = (parts.path if service == "s3" else urllib.parse.quote(parts.path)) or "/"
    query = "&".join(sorted(parts.query.split("&")))
    lines = [f"{name}:{sent[name]}\n" for name in sorted(sent)]
    request = "\n".join([method, path, query, "".join(lines), names, digest])
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{keys['SecretAccessKey']}".encode()
    for part in [*scope.split("/"), text]:
        key = hmac.new(key, part.encode(), "sha256").digest()
    credential = f"{keys['AccessKeyId']}/{scope}"
    sent["authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={key.hex()}"
    return sent
