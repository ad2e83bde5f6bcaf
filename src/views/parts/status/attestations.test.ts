import { expect, test } from "vitest";
import { attestationLines } from "./attestations.ts";

const image = "registry.example/app@sha256:88";

test.each([
  ["an SBOM", { image, sbom: true, provenance: true }, /^ {2}sbom {6}docker .*@sha256:88 .*SBOM/],
  ["provenance alone", { image, sbom: false, provenance: true }, /none; its .* \.Provenance/],
  ["neither", { image, sbom: false, provenance: false }, /^$/],
  ["a registry that could not be asked", null, /^$/],
])("%s", (_, attestations, line) => {
  expect(attestationLines({ attestations }).join("\n")).toMatch(line);
});
