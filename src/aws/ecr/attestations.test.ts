import { BatchGetImageCommand } from "@aws-sdk/client-ecr";
import { expect, test } from "vitest";
import { readAttestations } from "./attestations.ts";
import { scannedDigest } from "./image-scan.ts";
import { findImage } from "./registry.ts";

const spdx = "https://spdx.dev/Document";
const slsa = "https://slsa.dev/provenance/v1";

const image = (digest: string, architecture: string) => ({
  digest,
  platform: { os: "linux", architecture },
});

const attestation = (digest: string, of: string) => ({
  digest,
  platform: { os: "unknown", architecture: "unknown" },
  annotations: {
    "vnd.docker.reference.type": "attestation-manifest",
    "vnd.docker.reference.digest": of,
  },
});

const statements = (...types: readonly string[]) => ({
  config: { digest: "sha256:none" },
  layers: types.map((type) => ({ annotations: { "in-toto.io/predicate-type": type } })),
});

const plain = (config: string) => ({ config: { digest: config }, layers: [{}] });

/** A repository with these manifests, by their digests. */
function repository(manifests: Readonly<Record<string, object>>) {
  return {
    send: async (command: unknown) => {
      if (!(command instanceof BatchGetImageCommand)) throw new Error("it only reads");
      const digest = command.input.imageIds?.[0]?.imageDigest ?? "";
      const manifest = manifests[digest];
      const found = { imageId: { imageDigest: digest }, imageManifest: JSON.stringify(manifest) };
      return { images: manifest === undefined ? [] : [found] };
    },
  } as unknown as Parameters<typeof findImage>[0];
}

const manifests = {
  "sha256:plain": plain("sha256:c0"),
  "sha256:one": {
    manifests: [image("sha256:amd", "amd64"), attestation("sha256:a1", "sha256:amd")],
  },
  "sha256:two": {
    manifests: [
      image("sha256:amd", "amd64"),
      attestation("sha256:a1", "sha256:amd"),
      image("sha256:arm", "arm64"),
      attestation("sha256:a2", "sha256:arm"),
    ],
  },
  "sha256:amd": plain("sha256:c1"),
  "sha256:arm": plain("sha256:c2"),
  "sha256:a1": statements(spdx, slsa),
  "sha256:a2": statements(slsa),
};
const ecr = repository(manifests);

test.each([
  ["sha256:plain", "linux/amd64", { sbom: false, provenance: false }],
  ["sha256:one", "linux/amd64", { sbom: true, provenance: true }],
  ["sha256:two", "linux/arm64", { sbom: false, provenance: true }],
  ["sha256:gone", "linux/amd64", { sbom: false, provenance: false }],
])("%s has for %s %o", async (digest, platform, attestations) => {
  expect(await readAttestations(ecr, "app", digest, platform)).toEqual(attestations);
});

test.each([
  ["sha256:plain", "linux/amd64", "sha256:plain"],
  ["sha256:one", "linux/amd64", "sha256:amd"],
  // What an instance would refuse to run is scanned all the same.
  ["sha256:one", "linux/arm64", "sha256:amd"],
  ["sha256:two", "linux/arm64", "sha256:arm"],
])("%s is scanned for %s as %s", async (digest, platform, scanned) => {
  expect(await scannedDigest(ecr, "app", digest, platform)).toBe(scanned);
});

test("an index of one image has that image's configuration, and one of several has none", async () => {
  expect(await findImage(ecr, "app", "sha256:one")).toEqual({
    digest: "sha256:one",
    image: "sha256:amd",
    configDigest: "sha256:c1",
  });
  expect(await findImage(ecr, "app", "sha256:two")).toEqual({
    digest: "sha256:two",
    image: "sha256:two",
    configDigest: undefined,
  });
});
