import { expect, test } from "vitest";
import { createOwnChecks } from "./own-checks.ts";

const isCheck = createOwnChecks("/health.z");

test.each([
  ["uvicorn", 'INFO:     10.0.0.9:4711 - "GET /health.z HTTP/1.1" 301 Moved Permanently'],
  [
    "nginx",
    '10.0.0.9 - - [28/Nov/2026:08:00:00 +0000] "GET / HTTP/1.1" 200 5 "-" "ELB-HealthChecker/2.0"',
  ],
  ["morgan", "GET /health.z?deep=1 503 1.304 ms - 2"],
  ["gin", '[GIN] 2026/11/28 - 08:00:00 | 200 | 12µs | 10.0.0.9 | GET      "/health.z"'],
  ["json", '{"level":30,"req":{"url":"/health.z","headers":{"user-agent":"infer-deploy-agent"}}}'],
])("a check in the access log of %s", (_server, line) => {
  expect(isCheck(line)).toBe(true);
});

test.each([
  'INFO: "GET /healthxz HTTP/1.1" 200',
  'INFO: "POST /v1/embeddings HTTP/1.1" 200',
  "Error while answering GET /health.z: no weights",
  "GET /health.z failed: no weights",
])("no check: %s", (line) => {
  expect(isCheck(line)).toBe(false);
});
