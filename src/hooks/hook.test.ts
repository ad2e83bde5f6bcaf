import { expect, test } from "vitest";
import { hookEnvironment, hookFile } from "./hook.ts";

test("a hook is next to infer-deploy.yml", () => {
  expect(hookFile("/srv/api", "pre-release")).toBe("/srv/api/.infer-deploy/hooks/pre-release");
});

test("every variable is there, and what is unknown is empty", () => {
  const facts = { name: "api", release: 7, version: "v2", previousVersion: null, url: undefined };
  expect(hookEnvironment("post-shift", facts)).toEqual({
    INFER_DEPLOY_HOOK: "post-shift",
    INFER_DEPLOY_NAME: "api",
    INFER_DEPLOY_ENVIRONMENT: "",
    INFER_DEPLOY_REGION: "",
    INFER_DEPLOY_URL: "",
    INFER_DEPLOY_VERSION: "v2",
    INFER_DEPLOY_DIGEST: "",
    INFER_DEPLOY_IMAGE: "",
    INFER_DEPLOY_RELEASE: "7",
    INFER_DEPLOY_PREVIOUS_VERSION: "",
    INFER_DEPLOY_COLOUR: "",
    INFER_DEPLOY_STRATEGY: "",
    INFER_DEPLOY_OUTCOME: "",
    INFER_DEPLOY_REASON: "",
    INFER_DEPLOY_WHO: "",
    INFER_DEPLOY_MESSAGE: "",
    INFER_DEPLOY_COMMAND: "",
  });
});
