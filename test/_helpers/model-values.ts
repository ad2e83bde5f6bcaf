import type { ModelContent } from "../../src/state/container-record.ts";

/** What a release has of a model. */
export function releaseOf(model: ModelContent) {
  const health = { path: "/", timeout_seconds: 1 };
  return {
    version: "v1",
    container: { port: 1, health, memory_mb: null, env: {}, secrets: {}, log_group: "", model },
  };
}

/** For what a test does not expect to be called, or to be missing. */
export function fail(): never {
  throw new Error("not expected");
}
