import { expect, test } from "vitest";
import { parseLines, problemsOf } from "../../../../test/_helpers/config-lines.ts";

const withBranch = (repository: string): readonly string[] =>
  problemsOf("github:", `  repository: ${repository}`, "  branches: [main]");

test("a repository and a branch are enough", () => {
  expect(
    parseLines("github: { repository: Octo-Org/octo.repo_1, branches: [main] }"),
  ).toMatchObject({
    config: {
      github: {
        repository: "Octo-Org/octo.repo_1",
        ownerId: null,
        repositoryId: null,
        branches: ["main"],
        environments: [],
      },
    },
  });
  expect(parseLines()).toMatchObject({ config: { github: null } });
});

test.each([
  "octo-org",
  "https://github.com/octo-org/octo-repo",
  "octo-org/octo-repo/main",
  "octo-org/octo-repo.git",
  "octo-org/..",
  '"octo-org/*"',
  '"*/octo-repo"',
  '"octo-org/octo-rep?"',
  '"octo-org/octo-repo:ref"',
  '"-octo/octo-repo"',
  "7",
])("the repository %s is refused at its line", (repository) => {
  expect(withBranch(repository)).toEqual([
    expect.stringMatching(
      /^f\.yml:4:15 {2}github\.repository: found .*, allowed OWNER\/NAME of one repository, .*without wildcards/,
    ),
  ]);
});

test.each([
  "'*'",
  "release/*",
  "refs/heads/main",
  "a..b",
  "ma?n",
  "'a:b'",
  "main/",
  "x.lock",
  "''",
])("the branch %s is refused at its line", (branch) => {
  expect(
    problemsOf("github:", "  repository: octo-org/octo-repo", `  branches: [main, ${branch}]`),
  ).toEqual([expect.stringMatching(/^f\.yml:5:20 {2}github\.branches\[1\]: .*without wildcards/)]);
});

test("an environment with a wildcard is refused", () => {
  expect(
    problemsOf("github:", "  repository: octo-org/octo-repo", "  environments: ['prod*']"),
  ).toEqual([expect.stringMatching(/^f\.yml:5:18 {2}github\.environments\[0\]: found "prod\*"/)]);
});

test("roles without a repository, or without anything that may release, are refused", () => {
  expect(problemsOf("github:", "  branches: [main]")).toEqual([
    expect.stringMatching(/^f\.yml:3:1 {2}github\.repository: found nothing, allowed OWNER\/NAME/),
  ]);
  expect(problemsOf("github: { repository: octo-org/octo-repo }")).toEqual([
    expect.stringContaining("f.yml:3:1  github.branches: found neither branches nor environments"),
  ]);
});

test("of the two numbers, one alone is refused", () => {
  const of = (line: string) =>
    problemsOf("github:", "  repository: octo-org/octo-repo", "  branches: [main]", `  ${line}`);
  expect(of("repository_id: 456789")).toEqual([
    expect.stringContaining("repository_id without repository_owner_id, allowed both or neither"),
  ]);
  expect(of("repository_owner_id: 0")).toEqual([
    expect.stringContaining("allowed the number that GitHub gave it"),
  ]);
});

test("more subjects than a trust policy holds are refused", () => {
  const branches = Array.from({ length: 10 }, (_, index) => `${"b".repeat(150)}${index}`);
  expect(
    problemsOf(`github: { repository: octo-org/octo-repo, branches: [${branches.join(", ")}] }`),
  ).toEqual([expect.stringContaining("10 branches and 0 environments")]);
});
