import type { GithubSettings } from "../schema/project/github.ts";

/** The `sub` claims of the tokens that each role accepts. */
export interface GithubSubjects {
  readonly release: readonly string[];
  readonly plan: readonly string[];
}

/**
 * A token has the environment of its job, else the event of a pull request, else the branch. Repositories with immutable subject claims also
 * have the numbers of owner and repository in it. Both forms are accepted, because a repository may change over.
 * Source: GitHub Docs, "OpenID Connect reference", "Example subject claims" and "Immutable subject claims".
 */
export function githubSubjects(settings: GithubSettings): GithubSubjects {
  const repositories = spellings(settings);
  const release = [
    ...settings.branches.map((name) => `ref:refs/heads/${name}`),
    ...settings.environments.map((name) => `environment:${name}`),
  ];
  return {
    release: repositories.flatMap((repository) => release.map((rest) => `${repository}:${rest}`)),
    plan: repositories.map((repository) => `${repository}:pull_request`),
  };
}

function spellings({ repository, ownerId, repositoryId }: GithubSettings): readonly string[] {
  const [owner, name] = repository.split("/");
  return [
    `repo:${repository}`,
    ...(ownerId === null || repositoryId === null
      ? []
      : [`repo:${owner}@${ownerId}/${name}@${repositoryId}`]),
  ];
}
