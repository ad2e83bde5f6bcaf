"""The state of the certificates, from Caddy's storage and its log."""
import datetime
import glob
import json
import os
import ssl
import time

from caddyconfig import LOG_FOLDER, STORAGE_FOLDER


def look_at_certificates(domains):
    """The report's part on certificates; None without domains. Of several certificates, the one that ends first."""
    if not domains:
        return None
    about = {"domains": domains, "state": "none", "not_after": None, "serial": None, "next_try": None, "problem": ""}
    found = [read_certificate(domain) for domain in domains]
    known = sorted(one for one in found if one)
    if known:
        ends, serial = known[0]
        about.update(not_after=iso(ends), serial=serial)
    if all(found) and known[0][0] > time.time():
        return {**about, "state": "valid"}
    return {**about, "state": "waiting", **last_trouble(domains)}


def read_certificate(domain):
    """(end as epoch seconds, serial number in hex), or None."""
    folder = domain.replace("*", "wildcard_")
    ends = []
    for path in glob.glob(f"{STORAGE_FOLDER}/certificates/*/{folder}/{folder}.crt"):
        try:
            # Python has no public reader of a certificate in a file. This one is what its own tests use, in every version.
            decoded = ssl._ssl._test_decode_cert(path)
            ends.append((ssl.cert_time_to_seconds(decoded["notAfter"]), decoded["serialNumber"].lower()))
        except (OSError, ValueError, ssl.SSLError):
            pass
    return max(ends, default=None)


def last_trouble(domains):
    """problem and next_try, from the newest line of Caddy's log about an order that failed."""
    for line in reversed(last_bytes(f"{LOG_FOLDER}/caddy.log").splitlines()):
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if entry.get("logger") == "tls.obtain" and entry.get("identifier", domains[0]) in domains and entry.get("error"):
            next_try = iso(entry["ts"] + entry["retrying_in"]) if "retrying_in" in entry else None
            return {"problem": str(entry["error"])[:2000], "next_try": next_try}
    return {}


def last_bytes(path, count=131072):
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - count))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
