import { stringify } from "yaml";
import type { InitSettings, Known } from "./settings.ts";

/** infer-deploy.yml, with comments for someone who has never seen one. */
export function configText(settings: InitSettings): string {
  const { name, region, repository } = settings;
  return [
    "# yaml-language-server: $schema=./node_modules/infer-deploy/schema/infer-deploy.schema.json",
    "# Written by `infer-deploy init`. It is yours now: docs/reference/config.md has every key.",
    "",
    "# Names everything in AWS, together with the environment. It cannot change while the stack exists.",
    `name: ${scalar(name)}`,
    `region: ${scalar(region)}`,
    ...settings.problems.flatMap((problem) => ["", ...comment(`TO FIX: ${problem}`)]),
    "",
    "image:",
    ...sourceLines(settings),
    ...known("port", settings.port),
    "",
    "health:",
    "  # The load balancer asks this path every few seconds, and a release waits until it answers 200.",
    ...known("path", settings.path),
    ...(settings.healthTimeout === null
      ? ["  timeout: 120s # a new instance may take this long to load its model"]
      : known("timeout", { ...settings.healthTimeout, value: `${settings.healthTimeout.value}s` })),
    ...envLines(settings),
    "",
    "instances:",
    "  type: t3.small # 2 processors, 2 GB; a large model needs more",
    "  min: 2 # one in each zone, so that one may fail",
    "  max: 4 # a release starts the new version next to the old one",
    "",
    "# With both, the address is https://api.example.com. Without them it speaks plain HTTP.",
    "# domain: api.example.com",
    "# zone: example.com",
    ...(repository === null ? [] : ["", ...githubLines(repository)]),
    "",
  ].join("\n");
}

/** What `init --github` needs in the file: two environments, and roles for their jobs. */
export function githubLines(repository: string): readonly string[] {
  return [
    "# Roles for the workflows of this repository, so that GitHub keeps no AWS keys: docs/reference/github.md.",
    "# A repository made, renamed or transferred since 15 July 2026 also needs repository_owner_id and repository_id.",
    `# \`gh api repos/${repository} --jq '.owner.id, .id'\` prints both numbers.`,
    "github:",
    `  repository: ${scalar(repository)}`,
    "",
    "environments:",
    "  staging: # a push to develop releases here",
    "    instances: { type: t3.small, min: 1, max: 2 }",
    "    github: { environments: [staging] }",
    "  production: # a tag vX.Y.Z on main releases here, once a reviewer approves",
    "    github: { environments: [production] }",
  ];
}

function sourceLines({ ref, context, dockerfile, buildArgs }: InitSettings): readonly string[] {
  if (ref !== null) {
    return [`  ref: ${scalar(ref)} # a release copies it into the stack's own repository`];
  }
  return [
    `  context: ${scalar(context)} # the folder that Docker builds from, relative to this file`,
    `  dockerfile: ${scalar(dockerfile)} # relative to the context`,
    ...mapLines("build_args", buildArgs),
  ];
}

function envLines({ env }: InitSettings): readonly string[] {
  if (env.length === 0) return [];
  return [
    "",
    "env:",
    ...env.flatMap(({ name, value, reason }) => [
      ...comment(reason).map((line) => `  ${line}`),
      `  ${scalar(name)}: ${scalar(value)}`,
    ]),
  ];
}

function known(key: string, { value, reason, isGuess }: Known<string | number>): readonly string[] {
  return [`  ${key}: ${scalar(value)} # ${isGuess ? "CHECK: " : ""}${oneLine(reason)}`];
}

function mapLines(key: string, values: Readonly<Record<string, string>>): readonly string[] {
  const entries = Object.entries(values);
  if (entries.length === 0) return [];
  return [
    `  ${key}: # they stay readable in the image: no secrets`,
    ...entries.map(([name, value]) => `    ${scalar(name)}: ${scalar(value)}`),
  ];
}

function comment(text: string): readonly string[] {
  return [`# ${oneLine(text)}`];
}

function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- a comment with a control character is no YAML
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]+/g, " ").trim();
}

/** On one line, quoted where YAML would read something else. */
function scalar(value: string | number): string {
  // Not trimEnd(), which also takes spaces that belong to a name, such as U+2028.
  return stringify(value, { lineWidth: 0, defaultStringType: "PLAIN" }).replace(/\n$/, "");
}
