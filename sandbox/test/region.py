"""Shared by the tests: a server, clients, a network, a group of instances."""

import base64
import contextlib
import functools
import json
import os
import subprocess
import time
import unittest
import urllib.error
import urllib.request

import boto3
from botocore.config import Config

ENDPOINT = "http://127.0.0.1:5000"
REGISTRY = "http://127.0.0.1:5001"
REGION = "eu-west-1"
# Canonical's, in this region.
IMAGE = "ami-4a853c998897675d2"
KEY = "sandbox0123456789abcdef"


class RegionTest(unittest.TestCase):
    """Starts each test in an empty region."""

    def setUp(self):
        http("POST", f"{ENDPOINT}/moto-api/reset")

    def refused(self, code, call, **arguments):
        """The message of the refusal with this error code."""
        try:
            call(**arguments)
        except Exception as error:
            answer = getattr(error, "response", None)
            self.assertIsNotNone(answer, f"not an error from AWS: {error!r}")
            self.assertEqual(answer["Error"]["Code"], code, answer["Error"])
            return answer["Error"]["Message"]
        self.fail(f"was not refused with {code}")

    def eventually(self, condition, seconds=4.0):
        """Waits for something that the region does without a request."""
        end = time.monotonic() + seconds
        while not condition() and time.monotonic() < end:
            time.sleep(0.1)
        self.assertTrue(condition())


class WeatherTest(RegionTest):
    """Leaves fine weather behind."""

    def setUp(self):
        super().setUp()
        self.addCleanup(sandbox, "PUT", "/weather", {})

    def switch(self, **conditions):
        """Underscores for dashes: switch(lost_answers="2")."""
        return sandbox("PUT", "/weather", {name.replace("_", "-"): value for name, value in conditions.items()})


def also_in_moto(test):
    """Marks a test of behaviour that we rely on and moto already has: it may pass on plain moto."""
    test.also_in_moto = True
    return test


def is_in_moto_too(test):
    return getattr(getattr(test, test._testMethodName), "also_in_moto", False)


@functools.cache
def client(service, region=REGION):
    return SESSION.client(service, region_name=region, endpoint_url=ENDPOINT, config=CONFIG)


def http(method, url, body=None, headers=None):
    """Status, headers, text."""
    data = json.dumps(body).encode() if isinstance(body, dict) else body
    request = urllib.request.Request(url, data, {"X-Sandbox-Key": KEY, **(headers or {})}, method=method)
    try:
        answer = urllib.request.urlopen(request, timeout=20)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers, answer.read().decode()


def sandbox(method, path, body=None):
    status, _, text = http(method, f"{ENDPOINT}/_sandbox{path}", body)
    if status != 200:
        raise AssertionError(f"{status} {text}")
    return json.loads(text)


def network():
    """A VPC with one subnet in each of two zones."""
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{number}.0/24", AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
        for number, zone in enumerate("ab")
    ]
    return vpc, subnets


def load_balancer(vpc, subnets, delay=1, name="web"):
    """ARNs of a load balancer, its listener and the target group it names; delay is the deregistration delay in seconds."""
    elbv2 = client("elbv2")
    balancer = elbv2.create_load_balancer(Name=name, Subnets=subnets)["LoadBalancers"][0]["LoadBalancerArn"]
    group = target_group(vpc, name, delay)
    listener = elbv2.create_listener(
        LoadBalancerArn=balancer,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
    )["Listeners"][0]["ListenerArn"]
    return balancer, listener, group


def target_group(vpc, name, delay=1):
    elbv2 = client("elbv2")
    created = elbv2.create_target_group(Name=name, Protocol="HTTP", Port=8000, VpcId=vpc)
    arn = created["TargetGroups"][0]["TargetGroupArn"]
    elbv2.modify_target_group_attributes(
        TargetGroupArn=arn, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": str(delay)}]
    )
    return arn


def launch_template(name="fleet", **data):
    template = client("ec2").create_launch_template(
        LaunchTemplateName=name, LaunchTemplateData={"ImageId": IMAGE, "InstanceType": "t3.small", **data}
    )
    return template["LaunchTemplate"]["LaunchTemplateId"]


def group(name="fleet", subnets=None, template=None, target_groups=(), low=0, high=4, desired=None, **settings):
    """An Auto Scaling group on version 1 of a launch template; returns its name."""
    client("autoscaling").create_auto_scaling_group(
        AutoScalingGroupName=name,
        MinSize=low,
        MaxSize=high,
        DesiredCapacity=low if desired is None else desired,
        VPCZoneIdentifier=",".join(subnets or network()[1]),
        LaunchTemplate={"LaunchTemplateId": template or launch_template(name), "Version": "1"},
        TargetGroupARNs=list(target_groups),
        **settings,
    )
    return name


def described(name="fleet"):
    return client("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"][0]


def members(name="fleet", state="InService"):
    return [one["InstanceId"] for one in described(name)["Instances"] if one["LifecycleState"] == state]


def health(target_group_arn):
    """Instance id -> state."""
    answer = client("elbv2").describe_target_health(TargetGroupArn=target_group_arn)
    return {one["Target"]["Id"]: one["TargetHealth"]["State"] for one in answer["TargetHealthDescriptions"]}


def instance(instance_id):
    return client("ec2").describe_instances(InstanceIds=[instance_id])["Reservations"][0]["Instances"][0]


def encoded(text):
    return base64.b64encode(text.encode()).decode()


@contextlib.contextmanager
def extension():
    with registry(), serving([PYTHON, "-m", "emulator"], "/opt/emulator"):
        yield


@contextlib.contextmanager
def plain_moto():
    with registry(), serving([PYTHON, "-m", "moto.server", "-p", "5000"], "/tmp"):
        yield


@contextlib.contextmanager
def registry():
    with open("/tmp/registry.yml", "w") as file:
        file.write(
            "version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n"
            "storage: {filesystem: {rootdirectory: /tmp/registry}, delete: {enabled: true}}\nhttp: {addr: '127.0.0.1:5001'}\n"
        )
    with running(["docker-registry", "serve", "/tmp/registry.yml"], f"{REGISTRY}/v2/", "/tmp"):
        yield


@contextlib.contextmanager
def serving(command, folder):
    with running(command, f"{ENDPOINT}/moto-api/data.json", folder):
        yield


@contextlib.contextmanager
def running(command, url, folder):
    settings = {
        "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",
        "SANDBOX_NAME": "test",
        "SANDBOX_KEY": KEY,
        "SANDBOX_LISTENER_PORTS": "41001,41002,41003",
        "SANDBOX_TERMINATED_SECONDS": "4",
        "SANDBOX_REGISTRY": "127.0.0.1:5001",
        "SANDBOX_REGISTRY_URL": REGISTRY,
    }
    process = subprocess.Popen(command, cwd=folder, env={**os.environ, **settings}, stdout=LOG, stderr=LOG)
    try:
        wait_for(url, process)
        yield
    finally:
        process.terminate()
        process.wait()


def wait_for(url, process):
    for _ in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}")
        with contextlib.suppress(OSError):
            if http("GET", url)[0] < 500:
                return
        time.sleep(0.1)
    raise RuntimeError(f"{process.args} does not answer")


# Dropped: many tests cause errors on purpose, and their tracebacks do not help.
LOG = subprocess.DEVNULL
PYTHON = "/opt/emulator/venv/bin/python"
SESSION = boto3.Session(KEY, "sandbox")
# Do not retry: plain moto answers 500 in many tests, and the second run would take minutes.
CONFIG = Config(retries={"max_attempts": 1}, read_timeout=10)
