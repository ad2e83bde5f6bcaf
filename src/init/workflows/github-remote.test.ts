import { expect, test } from "vitest";
import { githubRepository } from "./github-remote.ts";

test.each([
  "git@github.com:octo-org/octo.repo.git",
  "https://github.com/octo-org/octo.repo.git",
  "https://github.com/octo-org/octo.repo/",
  "https://x-access-token:secret@github.com/octo-org/octo.repo",
  "ssh://git@github.com/octo-org/octo.repo.git",
  "ssh://git@ssh.github.com:443/octo-org/octo.repo.git",
  "git://github.com/octo-org/octo.repo.git\n",
])("%s is at GitHub", (address) => {
  expect(githubRepository(address)).toBe("octo-org/octo.repo");
});

test.each([
  "git@gitlab.com:octo-org/octo-repo.git",
  "https://github.com.example.com/octo-org/octo-repo",
  "https://example.com/github.com/octo-org/octo-repo",
  "git@github.com:octo-repo.git",
  "https://github.com/octo-org/octo-repo/tree/main",
  "../octo-repo.git",
  "https://github.com/octo-org/*",
  "",
])("%s is not", (address) => {
  expect(githubRepository(address)).toBeUndefined();
});
