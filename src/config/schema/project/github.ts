import * as z from "zod/mini";
import * as field from "../../fields/fields.ts";
import { group, key } from "../../fields/keys.ts";

/** The repository whose workflows may work with the stack. */
export interface GithubSettings {
  /** OWNER/NAME; empty when the file lacks it, which a check refuses. */
  readonly repository: string;
  /** GitHub's own numbers, which no other repository ever gets. */
  readonly ownerId: number | null;
  readonly repositoryId: number | null;
  /** Whose workflows may release. */
  readonly branches: readonly string[];
  readonly environments: readonly string[];
}

const branchesAllowed =
  "a list of at most 10 names of branches, without wildcards and refs/heads/, such as [main]";
const environmentsAllowed =
  "a list of at most 10 names of GitHub environments, of letters, digits and . _ - /, such as [production]";

export const repositoryName = field.text(
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,38}\/(?!\.{1,2}$|.*\.git$)[A-Za-z0-9._-]{1,100}$/,
  "OWNER/NAME of one repository, spelled as GitHub does and without wildcards, such as octo-org/octo-repo",
);

export const github = group("Roles for the workflows of a GitHub repository.", {
  repository: key(repositoryName, "Repository whose workflows may take the roles."),
  repository_owner_id: key(
    githubId(),
    "The owner's number, for repositories with immutable subject claims: those that were made, renamed or transferred since 15 July 2026. Needs repository_id.",
  ),
  repository_id: key(githubId(), "The repository's number. Needs repository_owner_id."),
  branches: key(
    names(
      /^(?!refs\/)(?!.*(?:\.\.|\/\/|\.lock$|[./]$))[A-Za-z0-9_][A-Za-z0-9._/#+=-]{0,199}$/,
      branchesAllowed,
    ),
    "Branches whose workflows may release, in jobs without an environment.",
    [],
  ),
  environments: key(
    names(/^[A-Za-z0-9_][A-Za-z0-9._/-]{0,199}$/, environmentsAllowed),
    "GitHub environments whose jobs may release, from any branch that the environment allows.",
    [],
  ),
});

type GithubKeys = z.infer<typeof github>;

export function settleGithub(keys: GithubKeys | undefined): GithubSettings | null {
  if (keys === undefined) return null;
  return {
    repository: keys.repository ?? "",
    ownerId: keys.repository_owner_id ?? null,
    repositoryId: keys.repository_id ?? null,
    branches: keys.branches ?? [],
    environments: keys.environments ?? [],
  };
}

function githubId() {
  const error = "the number that GitHub gave it, such as 1296269";
  return z.int({ error }).check(z.gte(1, { error }));
}

function names(pattern: RegExp, error: string) {
  return z.array(field.text(pattern, error), { error }).check(z.maxLength(10, { error }));
}
