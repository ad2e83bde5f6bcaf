import type { WorkflowEnvironment } from "../init/existing-config.ts";
import { githubLines } from "../init/config-text.ts";
import type { InitSettings } from "../init/settings.ts";

/** `init --json`. */
export interface InitDocument {
  readonly schema_version: 1;
  /** The files that were written, relative to the current folder or to the repository's top. */
  readonly files: readonly string[];
  /** Null when infer-deploy.yml was there already. */
  readonly settings: {
    readonly name: string;
    readonly region: string;
    /** The image that exists already; null when it is built. */
    readonly ref: string | null;
    /** Null when nothing is built, and so is the Dockerfile. */
    readonly context: string | null;
    readonly dockerfile: string | null;
    readonly port: number;
    readonly health_path: string;
    readonly env: Readonly<Record<string, string>>;
  } | null;
  /** Keys whose value is a guess. */
  readonly guesses: readonly string[];
  /** What keeps the container from running on an instance. */
  readonly problems: readonly string[];
  /** OWNER/NAME; null without --github. */
  readonly repository: string | null;
  /** Environments for which infer-deploy.yml has no role of GitHub. */
  readonly lacking: readonly WorkflowEnvironment[];
}

export interface InitResult {
  readonly files: readonly string[];
  readonly settings: InitSettings | null;
  readonly repository: string | null;
  readonly lacking: readonly WorkflowEnvironment[];
}

export function initDocument({ files, settings, repository, lacking }: InitResult): InitDocument {
  return {
    schema_version: 1,
    files,
    settings:
      settings === null
        ? null
        : {
            name: settings.name,
            region: settings.region,
            ref: settings.ref,
            context: settings.ref === null ? settings.context : null,
            dockerfile: settings.ref === null ? settings.dockerfile : null,
            port: settings.port.value,
            health_path: settings.path.value,
            env: Object.fromEntries(settings.env.map(({ name, value }) => [name, value])),
          },
    guesses:
      settings === null
        ? []
        : [
            ...(settings.port.isGuess ? ["image.port"] : []),
            ...(settings.path.isGuess ? ["health.path"] : []),
          ],
    problems: settings?.problems ?? [],
    repository,
    lacking,
  };
}

export function initText({ files, settings, repository, lacking }: InitResult): string {
  return [
    ...files.map((file) => `wrote ${file}`),
    ...(settings === null ? [] : settingLines(settings)),
    ...(repository === null ? nextLines(settings) : githubSteps(repository, lacking)),
    "",
  ].join("\n");
}

function settingLines({ port, path, env, problems }: InitSettings): readonly string[] {
  const mark = (isGuess: boolean) => (isGuess ? "! " : "  ");
  return [
    `${mark(port.isGuess)}image.port   ${port.value}: ${port.reason}`,
    `${mark(path.isGuess)}health.path  ${path.value}: ${path.reason}`,
    ...env.map(({ name, value, reason }) => `  env.${name}  ${value}: ${reason}`),
    ...problems.map((problem) => `! to fix first: ${problem}`),
  ];
}

function nextLines(settings: InitSettings | null): readonly string[] {
  const isReady = settings?.problems.length === 0;
  return [
    "",
    isReady ? "next:" : "next, once that is fixed:",
    "  infer-deploy up --sandbox default",
    "      rehearses everything in a region on this machine, without an AWS account",
    "  infer-deploy plan",
    "      shows what up would create in your AWS account, and creates none of it",
    "  infer-deploy up",
    "      creates it, and returns when the address answers",
  ];
}

function githubSteps(
  repository: string,
  lacking: readonly WorkflowEnvironment[],
): readonly string[] {
  return [
    ...(lacking.length === 0
      ? []
      : [
          "",
          `infer-deploy.yml has no role for the jobs of ${lacking.join(" and ")}. Add what is missing of these lines:`,
          "",
          ...githubLines(repository).map((line) => `    ${line}`.trimEnd()),
        ]),
    "",
    "next, once:",
    "  1. Create both stacks. Each prints the ARNs of its two roles.",
    "       infer-deploy up --environment staging",
    "       infer-deploy up --environment production",
    `  2. At https://github.com/${repository}/settings, which only a person can set:`,
    "     - Environments: `staging`, whose deployment branches are `develop` only, and `production`, whose deployment tags are `v*` only,",
    "       with required reviewers. In each, the variable INFER_DEPLOY_RELEASE_ROLE with the stack's release role.",
    "     - Secrets and variables, Actions, Variables: INFER_DEPLOY_PLAN_ROLE_STAGING and INFER_DEPLOY_PLAN_ROLE_PRODUCTION with the plan roles.",
    "     - Branches: protect `main` and `develop`: pull requests with at least one approval and the check `checks`. Tags: protect `v*`.",
    "     - General, Pull Requests: squash merging for features, and merge commits for the merge back of a release.",
    "     - Actions, General: allow GitHub Actions to create pull requests, for the merge back.",
    "  3. Commit the files, and push them to `main` and `develop`.",
  ];
}
