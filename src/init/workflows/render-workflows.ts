import { stringify } from "yaml";
import { shellWord } from "../../errors/printed-commands.ts";

export interface WorkflowFacts {
  readonly regions: Readonly<Record<"staging" | "production", string>>;
  /** Of infer-deploy, which the workflows install. */
  readonly version: string;
  /** The configuration's folder, relative to the repository's top; "." for the top. */
  readonly folder: string;
  /** The image that exists already; null when it is built. */
  readonly ref: string | null;
  /** Relative to `folder`. */
  readonly context: string;
  /** Relative to the context. */
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** `templates`: the files of templates/workflows, by name. Returns the workflows by their paths in the repository. */
export function renderWorkflows(
  templates: ReadonlyMap<string, string>,
  facts: WorkflowFacts,
): ReadonlyMap<string, string> {
  const values: Readonly<Record<string, string>> = {
    staging_region: facts.regions.staging,
    production_region: facts.regions.production,
    version: facts.version,
    folder: scalar(facts.folder),
    build: scalar(buildCommand(facts)),
  };
  return new Map(
    [...templates].map(([name, text]) => [
      `.github/workflows/infer-deploy-${name}`,
      text.replaceAll(/(?<!\$)\{\{(\w+)\}\}/g, (mark, key: string) => values[key] ?? mark),
    ]),
  );
}

/** Shows that there is an image: by a build, or by asking the registry. */
function buildCommand({ ref, context, dockerfile, buildArgs }: WorkflowFacts): string {
  if (ref !== null) return ["docker", "manifest", "inspect", ref].map(shellWord).join(" ");
  const args = Object.entries(buildArgs).flatMap(([key, value]) => [
    "--build-arg",
    `${key}=${value}`,
  ]);
  const file = context === "." ? dockerfile : `${context}/${dockerfile}`;
  return ["docker", "build", "--file", file, ...args, context].map(shellWord).join(" ");
}

/** GitHub would evaluate `${{`, and nothing that a repository is built from has that. */
function scalar(text: string): string {
  return stringify(text.replaceAll("${{", "$ {{"), { lineWidth: 0 }).trimEnd();
}
