/** ARNs of the roles for the workflows of a GitHub repository, by what they may do. */
export interface GithubRoles {
  readonly plan: string;
  readonly release: string;
}

/** Lines for a person, from which a workflow's role is copied; none without roles. */
export function githubLines(roles: GithubRoles | null): readonly string[] {
  return roles === null
    ? []
    : [
        `GitHub workflows release with the role ${roles.release}`,
        `GitHub pull requests plan with the role ${roles.plan}`,
      ];
}

/** The same for the `status` screen. */
export function githubStatusLines({ plan, release }: GithubRoles): readonly string[] {
  return ["  GitHub's workflows", `    release  ${release}`, `    plan     ${plan}`];
}
