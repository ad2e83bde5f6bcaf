/** Address of the CI run that this process belongs to, from the variables that each system documents; null when there is none. */
export function ciRun(env: Readonly<Record<string, string | undefined>>): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (server && repository && run) return `${server}/${repository}/actions/runs/${run}`;
  const found = addressVariables.map((name) => env[name]).find((value) => value);
  return found ?? null;
}

/** GitLab, CircleCI, Buildkite. Jenkins is last, because others use its name too. */
const addressVariables = [
  "CI_JOB_URL",
  "CIRCLE_BUILD_URL",
  "BUILDKITE_BUILD_URL",
  "BUILD_URL",
] as const;
