"""Canonical's and the Deep Learning AMIs' parameters and images, and a user's own."""

from botocore.exceptions import ClientError
from region import RegionTest, client, sandbox

ROOT = "/aws/service/canonical/ubuntu/server"
NOBLE = f"{ROOT}/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"


class MachineImages(RegionTest):
    def value(self, name, region="eu-west-1"):
        return client("ssm", region).get_parameter(Name=name)["Parameter"]["Value"]

    def test_each_parameter_names_an_image_of_canonical(self):
        expected = {
            NOBLE: ("ubuntu-noble-24.04-amd64-server", "x86_64"),
            f"{ROOT}/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id": ("ubuntu-noble-24.04-arm64-server", "arm64"),
            f"{ROOT}/22.04/stable/current/amd64/hvm/ebs-gp2/ami-id": ("ubuntu-jammy-22.04-amd64-server", "x86_64"),
            f"{ROOT}/22.04/stable/current/arm64/hvm/ebs-gp2/ami-id": ("ubuntu-jammy-22.04-arm64-server", "arm64"),
            f"{ROOT}/noble/stable/current/amd64/hvm/ebs-gp3/ami-id": ("ubuntu-noble-24.04-amd64-server", "x86_64"),
        }
        for name, (part, architecture) in expected.items():
            image = client("ec2").describe_images(ImageIds=[self.value(name)])["Images"][0]
            self.assertIn(part, image["Name"])
            self.assertEqual(
                (image["OwnerId"], image["RootDeviceName"], image["Architecture"]), ("099720109477", "/dev/sda1", architecture)
            )

    def test_the_image_with_nvidia_s_driver_has_a_large_disk(self):
        for processor, word in (("x86_64", "Base OSS Nvidia Driver GPU AMI (Ubuntu 24.04)"), ("arm64", "ARM64 Base OSS")):
            name = f"/aws/service/deeplearning/ami/{processor}/base-oss-nvidia-driver-gpu-ubuntu-24.04/latest/ami-id"
            image = client("ec2").describe_images(ImageIds=[self.value(name)])["Images"][0]
            self.assertIn(word, image["Name"])
            self.assertEqual((image["RootDeviceName"], image["Architecture"]), ("/dev/sda1", processor))
            self.assertEqual(image["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"], 75)

    def test_every_region_has_its_own(self):
        regions = ("eu-west-1", "us-east-1", "ap-southeast-2")
        self.assertEqual(len({self.value(NOBLE, region) for region in regions}), 3)

    def test_images_are_found_by_owner(self):
        images = client("ec2").describe_images(Owners=["099720109477"])["Images"]
        self.assertIn(self.value(NOBLE), [image["ImageId"] for image in images])

    def test_a_newer_build_replaces_the_parameter_s_value_and_the_older_stays(self):
        old = self.value(NOBLE)
        serial = sandbox("PUT", "/ami", {})["serial"]
        new = self.value(NOBLE)
        self.assertNotEqual(new, old)
        images = client("ec2").describe_images(ImageIds=[old, new])["Images"]
        self.assertEqual(len(images), 2)
        self.assertIn(serial, " ".join(image["Name"] for image in images))
        self.assertGreater(client("ssm").get_parameter(Name=NOBLE)["Parameter"]["Version"], 1)

    def test_an_image_of_the_user_is_there_and_one_of_zeros_is_not(self):
        image = client("ec2").describe_images(ImageIds=["ami-0123456789abcdef0"])["Images"][0]
        self.assertEqual(
            (image["State"], image["Architecture"], image["RootDeviceName"], image["Public"]),
            ("available", "x86_64", "/dev/sda1", False),
        )
        with self.assertRaises(ClientError) as raised:
            client("ec2").describe_images(ImageIds=["ami-00000000000000000"])
        self.assertEqual(raised.exception.response["Error"]["Code"], "InvalidAMIID.NotFound")

    def test_the_value_is_the_same_in_every_start(self):
        first = self.value(NOBLE, "eu-north-1")
        super().setUp()
        self.assertEqual(self.value(NOBLE, "eu-north-1"), first)
