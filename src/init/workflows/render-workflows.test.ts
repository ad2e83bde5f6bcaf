import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../package-root.ts";
import { readWorkflow, shellSteps } from "../../../test/_helpers/workflow-steps.ts";
import { renderWorkflows, type WorkflowFacts } from "./render-workflows.ts";

const folder = join(packageRoot, "templates", "workflows");
const templates = new Map(
  readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), "utf8")]),
);
const facts: WorkflowFacts = {
  regions: { staging: "eu-west-1", production: "us-east-1" },
  ...{
    ref: null,
    version: "1.2.3",
    folder: ".",
    context: ".",
    dockerfile: "Dockerfile",
    buildArgs: {},
  },
};
const rendered = (changes: Partial<WorkflowFacts> = {}) =>
  renderWorkflows(templates, { ...facts, ...changes });
const workflow = (name: string, changes: Partial<WorkflowFacts> = {}) =>
  readWorkflow(rendered(changes).get(`.github/workflows/infer-deploy-${name}.yml`) ?? "");

test("every mark has its value, and GitHub's own expressions stay", () => {
  for (const text of rendered().values()) {
    expect(text).not.toMatch(/(?<!\$)\{\{/);
    expect(text).toContain("${{ ");
    expect(text).toContain("infer-deploy@1.2.3");
  }
});

test("an image that exists already is asked for, and not built", () => {
  const text = [...rendered({ ref: "ghcr.io/acme/server:1.2" }).values()].join();
  expect(text).toContain("docker manifest inspect ghcr.io/acme/server:1.2");
  expect(text).not.toContain("docker build");
});

test("each environment has its region and its own queue, in which nothing is cancelled", () => {
  for (const [name, region] of [
    ["staging", "eu-west-1"],
    ["production", "us-east-1"],
  ] as const) {
    const { concurrency, jobs } = workflow(name);
    expect(concurrency).toEqual({ group: `infer-deploy-${name}`, "cancel-in-progress": false });
    expect(jobs["release"]?.environment).toBe(name);
    expect(jobs["release"]?.env).toEqual({ INFER_DEPLOY_ENVIRONMENT: name });
    const keys = jobs["release"]?.steps.find(({ uses }) => uses?.includes("aws-credentials"));
    expect(keys?.with).toMatchObject({ "aws-region": region });
  }
});

test("a workflow may read the code, and one job more where it says what for", () => {
  const more = [...rendered().values()].map(readWorkflow).flatMap(({ permissions, jobs }) => {
    expect(permissions).toEqual({ contents: "read" });
    return Object.entries(jobs).flatMap(([job, { permissions: own }]) =>
      own === undefined ? [] : [[job, own]],
    );
  });
  expect(more).toEqual([
    ["release", { contents: "read", "id-token": "write" }],
    ["notes", { contents: "write" }],
    ["merge-back", { contents: "write", "pull-requests": "write" }],
    ["plan", { contents: "read", "id-token": "write", "pull-requests": "write" }],
    ["release", { contents: "read", "id-token": "write" }],
  ]);
});

test("no shell step has an expression of GitHub in it, which a stranger's branch name could end", () => {
  for (const text of rendered().values()) {
    for (const { run } of shellSteps(readWorkflow(text))) expect(run).not.toContain("${{");
  }
});

test("an image's names are words of a shell, and no expressions", () => {
  const changes = {
    ...{ folder: "my app: x", context: "a b", dockerfile: "docker/$(id).Dockerfile" },
    buildArgs: { KEY: "it's ${{ secrets.X }}" },
  };
  const image = shellSteps(workflow("pull-request", changes)).find(({ name }) => name === "Image");
  expect(image?.folder).toBe("my app: x");
  expect(image?.run).toBe(
    String.raw`docker build --file 'a b/docker/$(id).Dockerfile' --build-arg 'KEY=it'\''s $ {{ secrets.X }}' 'a b'`,
  );
});
