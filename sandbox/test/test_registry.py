"""ECR in front of a real registry."""

import base64
import datetime
import hashlib
import json
import time

import boto3  # noqa: F401 (the image's own, to fail early where it is missing)
from region import REGISTRY, RegionTest, client, http

INDEX = "application/vnd.docker.distribution.manifest.list.v2+json"
MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"


class Registry(RegionTest):
    def setUp(self):
        super().setUp()
        self.ecr = client("ecr")
        # The registry survives the reset: each test has its own repository.
        self.name = f"app/{self._testMethodName[5:].replace('_', '-')[:60]}"
        self.repository = self.ecr.create_repository(repositoryName=self.name, imageTagMutability="IMMUTABLE")["repository"]

    def push(self, tag, content, **config):
        """Pushes an image of one configuration blob and one layer, as `docker push` does. Returns the digest."""
        parts = {}
        for kind, blob in (("config", json.dumps({"content": content, **config}).encode()), ("layer", content.encode() * 100)):
            digest = f"sha256:{hashlib.sha256(blob).hexdigest()}"
            location = http("POST", f"{REGISTRY}/v2/{self.name}/blobs/uploads/", b"")[1]["Location"]
            headers = {"Content-Type": "application/octet-stream"}
            status = http("PUT", f"{location}&digest={digest}", blob, headers)[0]
            self.assertEqual(status, 201)
            parts[kind] = {"digest": digest, "size": len(blob)}
        config = {"mediaType": "application/vnd.docker.container.image.v1+json", **parts["config"]}
        layer = {"mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", **parts["layer"]}
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": config, "layers": [layer]}
        url = f"{REGISTRY}/v2/{self.name}/manifests/{tag}"
        return http("PUT", url, json.dumps(manifest).encode(), {"Content-Type": MANIFEST})[1]["Docker-Content-Digest"]

    def in_registry(self, reference):
        return http("GET", f"{REGISTRY}/v2/{self.name}/manifests/{reference}", None, {"Accept": MANIFEST})[0] == 200

    def images(self, **only):
        return self.ecr.describe_images(repositoryName=self.name, **only)["imageDetails"]

    def test_the_repository_has_its_name_on_aws(self):
        digest = self.push("1", "one")
        self.assertEqual(self.repository["repositoryUri"], f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/{self.name}")
        self.assertEqual(self.repository["imageTagMutability"], "IMMUTABLE")
        self.assertEqual(self.images()[0]["imageDigest"], digest)

    def test_the_token_is_for_the_registry_and_valid(self):
        data = self.ecr.get_authorization_token()["authorizationData"][0]
        self.assertEqual(data["proxyEndpoint"], "http://127.0.0.1:5001")
        self.assertTrue(base64.b64decode(data["authorizationToken"]).startswith(b"AWS:"))
        left = data["expiresAt"] - datetime.datetime.now(datetime.timezone.utc)
        self.assertLess(abs(left - datetime.timedelta(hours=12)), datetime.timedelta(minutes=1))

    def test_what_is_pushed_is_described(self):
        digest = self.push("1", "one")
        image = self.images()[0]
        self.assertEqual((image["imageDigest"], image["imageTags"]), (digest, ["1"]))
        self.assertEqual(image["imageSizeInBytes"], len('{"content": "one"}') + 300)
        self.assertEqual(image["imageManifestMediaType"], MANIFEST)
        age = datetime.datetime.now(datetime.timezone.utc) - image["imagePushedAt"]
        self.assertLess(abs(age), datetime.timedelta(minutes=1))

    def test_an_image_is_found_by_tag_and_by_digest(self):
        digest = self.push("1", "one")
        self.push("2", "two")
        for one in ({"imageTag": "1"}, {"imageDigest": digest}):
            self.assertEqual([image["imageDigest"] for image in self.images(imageIds=[one])], [digest])
        self.refused("ImageNotFoundException", self.ecr.describe_images, repositoryName=self.name, imageIds=[{"imageTag": "3"}])

    def test_tags_of_the_same_image_are_listed_together(self):
        digest = self.push("1", "one")
        self.push("also", "one")
        self.assertEqual([sorted(image["imageTags"]) for image in self.images()], [["1", "also"]])
        listed = self.ecr.list_images(repositoryName=self.name)["imageIds"]
        self.assertEqual({(one["imageTag"], one["imageDigest"]) for one in listed}, {("1", digest), ("also", digest)})

    def test_its_manifest_is_the_registry_s(self):
        digest = self.push("1", "one")
        image = self.ecr.batch_get_image(repositoryName=self.name, imageIds=[{"imageTag": "1"}])["images"][0]
        self.assertEqual(f"sha256:{hashlib.sha256(image['imageManifest'].encode()).hexdigest()}", digest)

    def test_a_tag_that_moves_leaves_an_untagged_image(self):
        old = self.push("latest", "one")
        self.images()
        new = self.push("latest", "two")
        self.assertEqual({image["imageDigest"]: image.get("imageTags") for image in self.images()}, {old: None, new: ["latest"]})

    def test_deleting_by_digest_deletes_in_the_registry(self):
        digest = self.push("1", "one")
        answer = self.ecr.batch_delete_image(repositoryName=self.name, imageIds=[{"imageDigest": digest}])
        self.assertEqual(answer["failures"], [])
        self.assertEqual(self.images(), [])
        self.assertFalse(self.in_registry(digest) or self.in_registry("1"))

    def test_deleting_a_tag_leaves_the_others(self):
        digest = self.push("1", "one")
        self.push("also", "one")
        self.ecr.batch_delete_image(repositoryName=self.name, imageIds=[{"imageTag": "1"}])
        self.assertEqual([image["imageTags"] for image in self.images()], [["also"]])
        self.assertTrue(self.in_registry(digest) and not self.in_registry("1"))
        self.ecr.batch_delete_image(repositoryName=self.name, imageIds=[{"imageTag": "also"}])
        self.assertEqual(self.images(), [])
        self.assertFalse(self.in_registry(digest))

    def push_index(self, tag, *parts):
        """Pushes an image index, as `docker buildx build --push` does. Returns its digest."""
        manifests = [{"mediaType": MANIFEST, "digest": digest, "size": 1} for digest in parts]
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": manifests}
        url = f"{REGISTRY}/v2/{self.name}/manifests/{tag}"
        return http("PUT", url, json.dumps(index).encode(), {"Content-Type": INDEX})[1]["Docker-Content-Digest"]

    def test_what_is_pushed_without_a_tag_is_found_by_its_digest_and_gets_one(self):
        content = {"schemaVersion": 2, "mediaType": INDEX, "manifests": []}
        text = json.dumps(content).encode()
        digest = f"sha256:{hashlib.sha256(text).hexdigest()}"
        http("PUT", f"{REGISTRY}/v2/{self.name}/manifests/{digest}", text, {"Content-Type": INDEX})
        self.assertEqual(self.tag(digest, "v1")["imageId"], {"imageDigest": digest, "imageTag": "v1"})
        self.assertEqual([image["imageTags"] for image in self.images()], [["v1"]])

    def delete(self, *digests):
        images = [{"imageDigest": digest} for digest in digests]
        answer = self.ecr.batch_delete_image(repositoryName=self.name, imageIds=images)
        deleted = [one["imageDigest"] for one in answer["imageIds"]]
        return deleted, [(one["imageId"]["imageDigest"], one["failureCode"]) for one in answer["failures"]]

    def test_the_parts_of_an_index_stay_until_it_is_gone(self):
        part = self.push("part", "one")
        index = self.push_index("v1", part)
        self.assertEqual({image["imageDigest"] for image in self.images()}, {part, index})
        refusal = [(part, "ImageReferencedByManifestList")]
        self.assertEqual(self.delete(part), ([], refusal))
        self.assertEqual(self.delete(index, part), ([index], refusal))
        self.assertEqual([image["imageDigest"] for image in self.images()], [part])
        self.assertEqual(self.delete(part), ([part], []))
        self.assertEqual(self.images(), [])

    def test_an_image_without_a_tag_is_named_when_it_is_deleted(self):
        untagged = self.push("v1", "one")
        self.push("v1", "two")
        self.assertEqual(self.delete(untagged), ([untagged], []))

    def scan(self, digest):
        return self.ecr.describe_image_scan_findings(repositoryName=self.name, imageId={"imageDigest": digest})

    def push_scanned(self, findings):
        """The digest of an image whose scan is over. Its label names what the scan finds."""
        self.ecr.put_image_scanning_configuration(
            repositoryName=self.name, imageScanningConfiguration={"scanOnPush": True}
        )
        labels = {} if findings is None else {"infer-deploy.sandbox.findings": findings}
        digest = self.push("1", "one", config={"Labels": labels})
        self.refused("ScanNotFoundException", self.scan, digest=digest)
        self.eventually(lambda: self.scan_status(digest) == "IN_PROGRESS")
        self.eventually(lambda: self.scan_status(digest) != "IN_PROGRESS")
        return digest

    def scan_status(self, digest):
        try:
            return self.scan(digest)["imageScanStatus"]["status"]
        except self.ecr.exceptions.ScanNotFoundException:
            return None

    def test_a_push_is_scanned_and_the_label_names_the_findings(self):
        found = self.scan(self.push_scanned("CRITICAL=1 LOW=2"))
        self.assertEqual(found["imageScanStatus"]["status"], "COMPLETE")
        self.assertEqual(found["imageScanFindings"]["findingSeverityCounts"], {"CRITICAL": 1, "LOW": 2})
        self.assertEqual(len(found["imageScanFindings"]["findings"]), 3)

    def test_an_image_without_the_label_has_no_findings(self):
        self.assertEqual(self.scan(self.push_scanned(None))["imageScanFindings"]["findingSeverityCounts"], {})

    def test_an_image_that_cannot_be_scanned(self):
        found = self.scan(self.push_scanned("UNSUPPORTED_IMAGE"))
        self.assertEqual(found["imageScanStatus"]["status"], "UNSUPPORTED_IMAGE")
        self.assertNotIn("imageScanFindings", found)

    def test_of_an_index_the_image_is_scanned(self):
        image = self.push_scanned("CRITICAL=1")
        index = self.push_index("v1", image)
        self.assertEqual(self.scan_status(image), "COMPLETE")
        self.images()
        time.sleep(1.5)
        self.refused("ScanNotFoundException", self.scan, digest=index)

    def test_without_scan_on_push_there_is_no_scan(self):
        digest = self.push("1", "one")
        self.images()
        time.sleep(1.5)
        self.refused("ScanNotFoundException", self.scan, digest=digest)

    def tag(self, digest, tag, **changes):
        """Puts the same manifest under another tag, as a release does."""
        wanted = {"repositoryName": self.name, "imageIds": [{"imageDigest": digest}]}
        image = self.ecr.batch_get_image(**wanted, acceptedMediaTypes=[MANIFEST])["images"][0]
        return self.ecr.put_image(
            repositoryName=self.name,
            imageManifest=image["imageManifest"],
            imageManifestMediaType=image["imageManifestMediaType"],
            imageTag=tag,
            **changes,
        )["image"]

    def test_a_further_tag_is_put_into_the_registry(self):
        digest = self.push("1", "one")
        tagged = self.tag(digest, "live-0007")
        self.assertEqual(tagged["imageId"], {"imageDigest": digest, "imageTag": "live-0007"})
        self.assertTrue(self.in_registry("live-0007"))
        self.assertEqual([sorted(image["imageTags"]) for image in self.images()], [["1", "live-0007"]])
        self.assertEqual(self.images(imageIds=[{"imageTag": "live-0007"}])[0]["imageDigest"], digest)
        answer = self.ecr.batch_delete_image(repositoryName=self.name, imageIds=[{"imageTag": "live-0007"}])
        self.assertEqual(answer["imageIds"], [{"imageDigest": digest, "imageTag": "live-0007"}])
        self.assertTrue(self.in_registry("1") and not self.in_registry("live-0007"))
        self.assertEqual([image["imageTags"] for image in self.images()], [["1"]])
        self.tag(digest, "live-0007")
        self.assertTrue(self.in_registry("live-0007"))

    def test_a_tag_of_another_image_cannot_be_taken(self):
        one, two = self.push("1", "one"), self.push("2", "two")
        message = self.refused("ImageTagAlreadyExistsException", self.tag, digest=two, tag="1")
        self.assertIn("'1'", message)
        self.assertEqual({image["imageDigest"]: image["imageTags"] for image in self.images()}, {one: ["1"], two: ["2"]})

    def test_the_same_tag_again_changes_nothing(self):
        digest = self.push("1", "one")
        self.tag(digest, "live-0007")
        self.refused("ImageAlreadyExistsException", self.tag, digest=digest, tag="live-0007")
        self.refused("ImageAlreadyExistsException", self.tag, digest=digest, tag="1")

    def test_a_mutable_repository_lets_a_tag_move(self):
        self.ecr.put_image_tag_mutability(repositoryName=self.name, imageTagMutability="MUTABLE")
        one, two = self.push("1", "one"), self.push("2", "two")
        self.tag(two, "1")
        self.assertEqual({image["imageDigest"]: image.get("imageTags") for image in self.images()}, {one: None, two: ["1", "2"]})

    def test_a_manifest_of_layers_that_are_not_there_is_refused(self):
        digest = self.push("1", "one")
        image = self.ecr.batch_get_image(repositoryName=self.name, imageIds=[{"imageDigest": digest}])["images"][0]
        absent = image["imageManifest"].replace(json.loads(image["imageManifest"])["layers"][0]["digest"], f"sha256:{'0' * 64}")
        put = {"repositoryName": self.name, "imageManifest": absent, "imageManifestMediaType": MANIFEST, "imageTag": "2"}
        self.refused("LayersNotFoundException", self.ecr.put_image, **put)

    def test_a_wrong_digest_and_an_unknown_repository_are_refused(self):
        digest = self.push("1", "one")
        wrong = {"digest": digest, "tag": "2", "imageDigest": f"sha256:{'0' * 64}"}
        self.refused("ImageDigestDoesNotMatchException", self.tag, **wrong)
        put = {"repositoryName": "unknown", "imageManifest": "{}", "imageTag": "1"}
        self.refused("RepositoryNotFoundException", self.ecr.put_image, **put)

    def test_an_image_that_is_deleted_in_the_registry_is_gone(self):
        digest = self.push("1", "one")
        self.assertEqual(len(self.images()), 1)
        http("DELETE", f"{REGISTRY}/v2/{self.name}/manifests/{digest}")
        self.assertEqual(self.images(), [])

    def test_a_repository_with_images_is_deleted_only_by_force(self):
        digest = self.push("1", "one")
        self.refused("RepositoryNotEmptyException", self.ecr.delete_repository, repositoryName=self.name)
        self.ecr.delete_repository(repositoryName=self.name, force=True)
        self.assertFalse(self.in_registry(digest))
        self.ecr.create_repository(repositoryName=self.name)
        self.assertEqual(self.images(), [])
