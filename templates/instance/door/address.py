"""The stack's Elastic IP, which a new machine takes from the one before it."""
import os
import urllib.parse

TAKEN_FILE = "/var/lib/infer-deploy/address"


def take_address(allocation, instance, settings, aws):
    """Once in the machine's life: after a reboot, the address may already be another machine's.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateAddress.html
    """
    if os.path.exists(TAKEN_FILE):
        return
    fields = {"Action": "AssociateAddress", "Version": "2016-11-15", "AllocationId": allocation, "InstanceId": instance, "AllowReassociation": "true"}
    url = (aws.endpoint or f"https://ec2.{settings['region']}.{settings['domain']}") + "/"
    headers = {"content-type": "application/x-www-form-urlencoded; charset=utf-8"}
    aws.request("POST", url, headers, urllib.parse.urlencode(fields).encode(), "ec2", "EC2 AssociateAddress")
    with open(TAKEN_FILE, "w", encoding="utf-8") as file:
        file.write(allocation)
    print(f"This machine has taken the address {allocation}.", flush=True)
