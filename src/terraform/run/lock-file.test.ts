import { expect, test } from "vitest";
import { lockedVersion, lockFileFor, withoutChecksums } from "./lock-file.ts";

test("the version stays, the checksums go", () => {
  const lockFile = `# This file is maintained automatically by "terraform init".

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = ">= 5.100.0, < 7.0.0"
  hashes = [
    "h1:edXOJWE4ORX8Fm+dpVpICzMZJat4AX0VRCAy/xkcOc0=",
    "zh:054b8dd49f0549c9a7cc27d159e45327b7b65cf404da5e5a20da154b90b8a644",
  ]
}
`;
  expect(withoutChecksums(lockFile))
    .toBe(`# This file is maintained automatically by "terraform init".

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = ">= 5.100.0, < 7.0.0"
}
`);
});

test("each provider has its own version", () => {
  const address = "registry.terraform.io/hashicorp/aws";
  const other = lockFileFor("registry.terraform.io/hashicorp/random", "3.7.2");
  const both = `# Kept by init.\n\n${other}\n${lockFileFor(address, "6.2.0")}`;
  expect(lockedVersion(both, address)).toBe("6.2.0");
  expect(lockedVersion(other, address)).toBeUndefined();
  expect(lockedVersion("", address)).toBeUndefined();
});
