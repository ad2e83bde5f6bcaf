import { expect, test } from "vitest";
import { githubSubjects } from "./github-subjects.ts";

const settings = {
  repository: "octo-org/octo-repo",
  ownerId: null,
  repositoryId: null,
  branches: ["main", "release/1"],
  environments: ["production"],
};

test("branches and environments may release; pull requests may only plan", () => {
  expect(githubSubjects(settings)).toEqual({
    release: [
      "repo:octo-org/octo-repo:ref:refs/heads/main",
      "repo:octo-org/octo-repo:ref:refs/heads/release/1",
      "repo:octo-org/octo-repo:environment:production",
    ],
    plan: ["repo:octo-org/octo-repo:pull_request"],
  });
});

test("with the numbers, the immutable form is accepted as well", () => {
  const { release, plan } = githubSubjects({
    ...settings,
    ownerId: 123_456,
    repositoryId: 456_789,
    branches: ["main"],
  });
  expect(release).toEqual([
    "repo:octo-org/octo-repo:ref:refs/heads/main",
    "repo:octo-org/octo-repo:environment:production",
    "repo:octo-org@123456/octo-repo@456789:ref:refs/heads/main",
    "repo:octo-org@123456/octo-repo@456789:environment:production",
  ]);
  expect(plan).toEqual([
    "repo:octo-org/octo-repo:pull_request",
    "repo:octo-org@123456/octo-repo@456789:pull_request",
  ]);
});
