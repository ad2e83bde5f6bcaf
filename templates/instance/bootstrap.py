#!/usr/bin/env python3
"""Fetches the files of a single machine from the state bucket and boots it: EC2's 16 KB of user data are too few for all of them.

instance.json's `bundle` names the object, whose content is {"files": [{"path", "permissions", "content"}]}, and its SHA-256.
Needs Python's standard library only.
"""
import datetime
import hashlib
import hmac
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

SETTINGS_FILE = "/etc/infer-deploy/instance.json"
BOOT_LOG = "/var/log/infer-deploy-boot.log"
# A new role takes some time to spread.
PATIENCE_SECONDS = 120


def main():
    with open(SETTINGS_FILE, encoding="utf-8") as file:
        settings = json.load(file)
    ends = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            write_files(fetch(settings, os.environ.get("AWS_ENDPOINT_URL", "").rstrip("/")))
            break
        except (OSError, ValueError, LookupError) as error:
            say(f"{settings['bundle']['key']} could not be read: {describe(error)}")
            if time.monotonic() > ends:
                say("boot failed")
                return 1
            time.sleep(3)
    return subprocess.run(["/opt/infer-deploy/boot"]).returncode


def fetch(settings, endpoint):
    """The bundle's files. Raises ValueError for another content than Terraform has written."""
    bucket, key = settings["bucket"], urllib.parse.quote(settings["bundle"]["key"])
    region, domain = settings["region"], settings["domain"]
    url = f"{endpoint}/{bucket}/{key}" if endpoint else f"https://{bucket}.s3.{region}.{domain}/{key}"
    headers = signed_headers(url, {"x-amz-expected-bucket-owner": settings["account"]}, region, role_keys())
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20) as answer:
        content = answer.read()
    found = hashlib.sha256(content).hexdigest()
    if found != settings["bundle"]["sha256"]:
        raise ValueError(f"its SHA-256 is {found}")
    return json.loads(content)["files"]


def write_files(files):
    for file in files:
        os.makedirs(os.path.dirname(file["path"]), exist_ok=True)
        new = os.open(file["path"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(new, "w", encoding="utf-8") as opened:
            opened.write(file["content"])
        os.chmod(file["path"], int(file["permissions"], 8))


def role_keys():
    """From the instance metadata service, version 2."""
    base = os.environ.get("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://169.254.169.254").rstrip("/") + "/latest/"
    # No proxy of the environment: the metadata service is this machine's own.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(path, headers, method="GET"):
        with direct.open(urllib.request.Request(base + path, headers=headers, method=method), timeout=5) as answer:
            return answer.read().decode().strip()

    token = {"X-aws-ec2-metadata-token": ask("api/token", {"X-aws-ec2-metadata-token-ttl-seconds": "300"}, "PUT")}
    folder = "meta-data/iam/security-credentials/"
    return json.loads(ask(folder + ask(folder, token).split("\n")[0], token))


def signed_headers(url, extra, region, keys):
    """Of a GET to S3, by Signature Version 4: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"""
    parts, now = urllib.parse.urlsplit(url), datetime.datetime.now(datetime.timezone.utc)
    stamp, empty = now.strftime("%Y%m%dT%H%M%SZ"), hashlib.sha256(b"").hexdigest()
    sent = {**extra, "host": parts.netloc, "x-amz-date": stamp, "x-amz-content-sha256": empty, "x-amz-security-token": keys["Token"]}
    names = ";".join(sorted(sent))
    request = "\n".join(["GET", parts.path, "", *(f"{name}:{sent[name]}" for name in sorted(sent)), "", names, empty])
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(request.encode()).hexdigest()])
    key = f"AWS4{keys['SecretAccessKey']}".encode()
    for part in [*scope.split("/"), text]:
        key = hmac.new(key, part.encode(), "sha256").digest()
    credential = f"{keys['AccessKeyId']}/{scope}"
    sent["authorization"] = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders={names}, Signature={key.hex()}"
    return sent


def describe(error):
    if isinstance(error, urllib.error.HTTPError):
        return f"{error.code} {error.read(2000).decode(errors='replace')}"
    return str(error) or repr(error)


def say(text):
    line = f"{datetime.datetime.now(datetime.timezone.utc).strftime('%FT%TZ')} {text}"
    print(line, flush=True)
    with open(BOOT_LOG, "a", encoding="utf-8") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
