import { expect, test } from "vitest";
import { ciRun } from "./ci-run.ts";

const github = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_REPOSITORY: "acme/api",
  GITHUB_RUN_ID: "42",
};

test.each([
  [github, "https://github.com/acme/api/actions/runs/42"],
  [{ CI_JOB_URL: "https://gitlab.example/j/1" }, "https://gitlab.example/j/1"],
  [{ CIRCLE_BUILD_URL: "https://circleci.example/1" }, "https://circleci.example/1"],
  [{ BUILDKITE_BUILD_URL: "https://buildkite.example/1" }, "https://buildkite.example/1"],
  [{ BUILD_URL: "https://jenkins.example/1" }, "https://jenkins.example/1"],
  [{ CI_JOB_URL: "", BUILD_URL: "https://jenkins.example/1" }, "https://jenkins.example/1"],
  [{ ...github, GITHUB_RUN_ID: undefined }, null],
  [{ CI: "true", BUILD_URL: "" }, null],
])("%j is the run %j", (env, address) => {
  expect(ciRun(env)).toBe(address);
});
