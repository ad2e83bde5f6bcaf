"""The state of the certificates, from Caddy's storage and its log."""
import datetime
import glob
import json
import os
import re
import ssl
import time

from caddyconfig import LOG_FOLDER, STORAGE_FOLDER


# Caddy's pauses between renewals that fail, in minutes, then the last one again: retryIntervals of
# https://github.com/caddyserver/certmagic/blob/master/async.go. A first order's line in the log says its own.
PAUSES = [1, 2, 2, 5, *[10] * 3, *[20] * 4, *[30] * 6, *[60] * 3, 120, 120, 180, 180, 360]
# When the door has Caddy make an order again that Caddy has abandoned: after Let's Encrypt's staging has accepted it and its
# production has not, there is no other try. Let's Encrypt allows five failed orders of a name an hour.
GIVEN_UP_SECONDS = 1800
DONE = ("certificate obtained successfully", "certificate renewed successfully")
BEGUN = ("obtaining certificate", "renewing certificate")


def look_at_certificates(domains, troubles):
    """The report's part on certificates; None without domains. Of several certificates, the one that ends first. `troubles`: of read_troubles.

    A valid certificate has problem and next_try too, while its renewal fails.
    """
    if not domains:
        return None
    about = {"domains": domains, "state": "none", "not_after": None, "serial": None, "next_try": None, "problem": ""}
    found = [read_certificate(domain) for domain in domains]
    known = sorted(one for one in found if one)
    if known:
        ends, serial = known[0]
        about.update(not_after=iso(ends), serial=serial)
    valid = all(found) and known[0][0] > time.time()
    for trouble in list(troubles.values())[:1]:
        about.update(problem=trouble["problem"], next_try=trouble["next"] and iso(trouble["next"]))
    return {**about, "state": "valid" if valid else "waiting"}


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


def read_troubles(domains):
    """Of each domain whose newest order has failed, by Caddy's log: problem; next: when it is tried again, or None; given_up."""
    troubles, failures = {}, {}
    for line in last_bytes(f"{LOG_FOLDER}/caddy.log").splitlines():
        try:
            entry = json.loads(line)
            logger, message, at, problem = entry["logger"], entry["msg"], entry["ts"], str(entry.get("error", ""))[:2000]
        except (ValueError, LookupError, TypeError):
            continue
        # The line about the next try has no other name.
        named = re.match(r"\[([^]]+)] (?:Obtain|Renew)", problem)
        domain = entry.get("identifier") or (named[1] if named else "")
        if logger not in ("tls.obtain", "tls.renew") or domain not in domains:
            continue
        if message in DONE:
            troubles.pop(domain, None)
            failures.pop(domain, None)
        elif message in BEGUN and domain in troubles:
            troubles[domain].update(next=None, given_up=False)
        elif "retrying_in" in entry:
            troubles[domain] = {"problem": problem, "next": at + entry["retrying_in"], "given_up": False}
        elif problem and logger == "tls.renew":
            failures[domain] = failures.get(domain, -1) + 1
            pause = PAUSES[min(failures[domain], len(PAUSES) - 1)] * 60
            troubles[domain] = {"problem": problem, "next": at + pause, "given_up": False}
        elif problem:
            troubles[domain] = {"problem": problem, "next": at + GIVEN_UP_SECONDS, "given_up": True}
    return troubles


def last_bytes(path, count=131072):
    try:
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - count))
            return file.read().decode(errors="replace")
    except OSError:
        return ""


def iso(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
