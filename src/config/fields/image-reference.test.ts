import { expect, test } from "vitest";
import { imageReference, parseImageReference } from "./image-reference.ts";

const digest = `sha256:${"a".repeat(64)}`;

test.each([
  ["nginx", "docker.io", "library/nginx", "latest"],
  ["vllm/vllm-openai:v0.9", "docker.io", "vllm/vllm-openai", "v0.9"],
  ["index.docker.io/library/nginx:1", "docker.io", "library/nginx", "1"],
  ["localhost/app", "localhost", "app", "latest"],
  ["127.0.0.1:5000/a/b:v1", "127.0.0.1:5000", "a/b", "v1"],
  [`ghcr.io/acme/server:1.2@${digest}`, "ghcr.io", "acme/server", digest],
  [`server@${digest}`, "docker.io", "library/server", digest],
])("%s", (name, host, repository, reference) => {
  expect(imageReference().safeParse(name).success).toBe(true);
  expect(parseImageReference(name)).toEqual({ host, repository, reference });
});

test.each([
  "",
  "-x",
  "Upper/Case",
  "https://ghcr.io/a/b",
  "ghcr.io/a:",
  "a b",
  "a@sha256:12",
  "a:b:c",
  "ghcr.io/a/../b",
  "user:secret@ghcr.io/a",
])("%s is no image", (name) => {
  expect(imageReference().safeParse(name).success).toBe(false);
});
