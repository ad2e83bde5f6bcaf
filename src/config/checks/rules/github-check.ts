import { githubSubjects } from "../../fields/github-subjects.ts";
import type { Config } from "../../schema/config.ts";
import type { Contradiction } from "../problem.ts";

/** The part of `findContradictions` that is about GitHub. */
export function* checkGithub({ github }: Pick<Config, "github">): Iterable<Contradiction> {
  if (github === null) return;
  const { repository, ownerId, repositoryId, branches, environments } = github;
  if (repository === "") {
    yield {
      paths: [["github", "repository"]],
      found: "nothing",
      allowed: "OWNER/NAME of the repository whose workflows may take the roles",
    };
  }
  if (branches.length + environments.length === 0) {
    yield {
      paths: [
        ["github", "branches"],
        ["github", "environments"],
      ],
      found: "neither branches nor environments",
      allowed: "at least one of them, whose workflows may release",
    };
  }
  if ((ownerId === null) !== (repositoryId === null)) {
    const [missing, given] =
      ownerId === null
        ? ["repository_owner_id", "repository_id"]
        : ["repository_id", "repository_owner_id"];
    yield {
      paths: [
        ["github", missing],
        ["github", given],
      ],
      found: `${given} without ${missing}`,
      allowed: "both or neither: a token names both",
    };
  }
  const { release } = githubSubjects(github);
  const characters = release.reduce((sum, subject) => sum + subject.length + 3, 0);
  if (characters > mostCharacters) {
    yield {
      paths: [
        ["github", "branches"],
        ["github", "environments"],
      ],
      found: `${branches.length} branches and ${environments.length} environments, with ${characters} characters in all their subjects`,
      allowed: `at most ${mostCharacters}, because a role's trust policy is limited`,
    };
  }
}

/** IAM takes 2,048 characters in a trust policy ("IAM and AWS STS quotas"); the rest of this one has fewer than 500. */
const mostCharacters = 1548;
