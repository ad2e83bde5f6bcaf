import { expect, test } from "vitest";
import { isEngineVersion } from "../client/engine-versions.ts";
import { baseOf, instanceTag } from "./engines.ts";

test("each engine has its own image, and the default one keeps the plain name", () => {
  expect(instanceTag("abc", "20.10")).toBe("abc");
  expect(instanceTag("abc", "26")).toBe("abc-docker26");
});

test("only the versions that have an image are engines", () => {
  expect(["20.10", "26", "27", "toString"].filter(isEngineVersion)).toEqual(["20.10", "26"]);
});

test("both base images come from a registry, or both are made here", () => {
  const made = "infer-deploy-base/debian:bookworm";
  expect(baseOf("20.10", {}, undefined)).toBe("debian:bookworm-slim");
  expect(baseOf("20.10", {}, made)).toBe(made);
  expect(baseOf("26", {}, undefined)).toBe("debian:trixie-slim");
  expect(baseOf("26", {}, "debian:bookworm-slim")).toBe("debian:trixie-slim");
  expect(baseOf("26", {}, made)).toBe("infer-deploy-base/debian:trixie");
});

test("a variable names another base image for its own release only", () => {
  const env = { INFER_DEPLOY_BASE_DEBIAN: "mirror/debian:12" };
  expect(baseOf("20.10", env, undefined)).toBe("mirror/debian:12");
  expect(baseOf("26", env, undefined)).toBe("debian:trixie-slim");
  expect(baseOf("26", { INFER_DEPLOY_BASE_DEBIAN_13: "mirror/debian:13" }, undefined)).toBe(
    "mirror/debian:13",
  );
});
