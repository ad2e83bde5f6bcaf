"""Fetches an object as an instance's agent does, with its own code. Arguments: endpoint, region, bucket, key, size, SHA-256 or -, folder.

The keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
"""
import datetime
import os
import pathlib
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "templates" / "instance" / "agent"))
from aws import sign
from transfer import Transfer

endpoint, region, bucket, key, size, sha256, folder = sys.argv[1:]
keys = {"AccessKeyId": os.environ["AWS_ACCESS_KEY_ID"], "SecretAccessKey": os.environ["AWS_SECRET_ACCESS_KEY"]}


def place(_, headers):
    url = f"{endpoint}/{bucket}/{key}"
    return url, sign("GET", url, headers, b"", "s3", region, keys, datetime.datetime.now(datetime.timezone.utc))


file = {"name": key, "size": int(size), "blob": "weights", **({} if sha256 == "-" else {"sha256": sha256})}
Transfer(folder, [file], place).run()
