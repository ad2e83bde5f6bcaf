import { join } from "node:path";

export const hookNames = [
  "pre-build",
  "pre-release",
  "post-shift",
  "post-release",
  "on-failure",
  "on-rollback",
] as const;

export type HookName = (typeof hookNames)[number];

/** The facts that a hook gets. One that is not known yet, or does not apply, is left out or null. */
export type HookFacts = {
  readonly [fact in keyof typeof variables]?: string | number | null | undefined;
};

/** The executable of a hook; `root` is the folder of infer-deploy.yml. */
export function hookFile(root: string, name: HookName): string {
  return join(root, ".infer-deploy", "hooks", name);
}

/** A pre-hook may forbid what follows. The others only learn what has happened. */
export function mayForbid(name: HookName): boolean {
  return name.startsWith("pre-");
}

/** Every variable is always set, an unknown one to an empty text, so that scripts can use `set -u`. */
export function hookEnvironment(
  name: HookName,
  facts: HookFacts,
): Readonly<Record<string, string>> {
  return {
    INFER_DEPLOY_HOOK: name,
    ...Object.fromEntries(
      Object.entries(variables).map(([fact, variable]) => [
        variable,
        variableText(facts[fact as keyof typeof variables]),
      ]),
    ),
  };
}

/** Systems refuse a variable with a NUL, and Linux one above 128 KB. The reason for a failure can contain a log. */
function variableText(value: string | number | null | undefined): string {
  return String(value ?? "")
    .replaceAll("\0", "")
    .slice(0, mostCharacters);
}

const variables = {
  name: "INFER_DEPLOY_NAME",
  environment: "INFER_DEPLOY_ENVIRONMENT",
  region: "INFER_DEPLOY_REGION",
  url: "INFER_DEPLOY_URL",
  version: "INFER_DEPLOY_VERSION",
  digest: "INFER_DEPLOY_DIGEST",
  image: "INFER_DEPLOY_IMAGE",
  release: "INFER_DEPLOY_RELEASE",
  previousVersion: "INFER_DEPLOY_PREVIOUS_VERSION",
  colour: "INFER_DEPLOY_COLOUR",
  strategy: "INFER_DEPLOY_STRATEGY",
  outcome: "INFER_DEPLOY_OUTCOME",
  reason: "INFER_DEPLOY_REASON",
  who: "INFER_DEPLOY_WHO",
  message: "INFER_DEPLOY_MESSAGE",
  command: "INFER_DEPLOY_COMMAND",
} as const;

const mostCharacters = 16_384;
