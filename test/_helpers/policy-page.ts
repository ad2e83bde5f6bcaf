import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import type { Place } from "../../src/permissions/statement.ts";
import { nameStack, stateBucketName } from "../../src/stack/names.ts";
import { repository } from "./cli.ts";
import type { PolicyDocument } from "../../src/permissions/policy-document.ts";
import type { Project } from "./project.ts";

/** The policies of docs/reference/iam.md for a project's stack, filled in as the page says. */
export interface PagePolicies {
  readonly place: Place;
  readonly release: PolicyDocument;
  /** All that `up` needs for a stack without a web ACL, and `cost`. */
  readonly all: readonly PolicyDocument[];
  /** What it also needs for one machine. */
  readonly machine: PolicyDocument;
  /** What it also needs for one with `alerts`. */
  readonly sight: PolicyDocument;
  /** What it also needs for one whose health Route53 checks. */
  readonly routing: PolicyDocument;
  /** What it also needs for one with CloudFront. */
  readonly cloudfront: PolicyDocument;
  /** What it also needs for one with a login. */
  readonly login: PolicyDocument;
  /** What it also needs for one with a web ACL. */
  readonly waf: PolicyDocument;
}

export async function pagePolicies(
  project: Pick<Project, "env" | "sandbox">,
  { name, region }: { readonly name: string; readonly region: string },
): Promise<PagePolicies> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const { account } = state;
  const page = await readFile(join(repository, "docs", "reference", "iam.md"), "utf8");
  const filledIn = page
    .replaceAll("app-production", `${name}-production`)
    .replaceAll("app/production", `${name}/production`)
    .replaceAll("111122223333", account)
    .replaceAll("eu-west-1", region);
  const found = [...filledIn.matchAll(/```json\n([\s\S]*?)```/g)].map(
    ([, text = ""]) => JSON.parse(text) as PolicyDocument,
  );
  const [release, machine, sight, routing, cloudfront, login, waf] = [
    found[0],
    found.at(-6),
    found.at(-5),
    found.at(-4),
    found.at(-3),
    found.at(-2),
    found.at(-1),
  ];
  if (
    release === undefined ||
    machine === undefined ||
    sight === undefined ||
    routing === undefined ||
    cloudfront === undefined ||
    login === undefined ||
    waf === undefined
  )
    throw new Error("docs/reference/iam.md has no policy");
  const names = nameStack(name, "production", region);
  const bucket = stateBucketName(account, region);
  return {
    place: { partition: "aws", account, bucket, names, region },
    release,
    machine,
    all: found.slice(0, -6),
    sight,
    routing,
    cloudfront,
    login,
    waf,
  };
}
