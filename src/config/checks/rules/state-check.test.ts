import { expect, test } from "vitest";
import { parseLines, problemsOf } from "../../../../test/_helpers/config-lines.ts";
import { parseConfig } from "../../parse.ts";
import { formatProblems } from "../problem.ts";

test("the bucket is the default, and a workspace is named after the stack", () => {
  expect(parseLines()).toMatchObject({
    config: { state: { backend: "s3", organization: null, workspace: null } },
  });
  expect(parseLines("state: { backend: local }")).toMatchObject({
    config: { state: { backend: "local" } },
  });
  expect(parseLines("state: { backend: cloud, organization: acme }")).toMatchObject({
    config: { state: { backend: "cloud", organization: "acme", workspace: "app-production" } },
  });
});

test.each([
  ["{ backend: gcs }", 'state.backend: found "gcs", allowed s3, local or cloud'],
  ["{ backend: cloud }", "state.backend: found backend: cloud without an organization"],
  ["{ organization: acme }", "found organization with backend: s3"],
  ["{ backend: local, workspace: app-production }", "found workspace with backend: local"],
  ['{ backend: cloud, organization: "a b" }', 'found "a b", allowed the name of an organization'],
  [
    "{ backend: cloud, organization: acme, workspace: app }",
    "found app for the environment production",
  ],
])("state: %s is refused", (state, problem) => {
  const [first = ""] = problemsOf(`state: ${state}`);
  expect(first).toContain(problem);
  expect(first).toMatch(/^f\.yml:3:\d+ /);
});

test("two environments do not share a workspace", () => {
  const environments = "environments: { production: {}, staging: {} }";
  const of = (workspace: string) => {
    const text = [
      ...["name: app", "region: eu-west-1", environments],
      `state: { backend: cloud, organization: acme, workspace: ${workspace} }`,
    ].join("\n");
    const overrides = { environment: { value: "production", origin: "--environment" } };
    const parsed = parseConfig({ text, file: "f.yml", overrides });
    return "problems" in parsed ? formatProblems(parsed.problems) : [];
  };
  expect(of("app-production")).toEqual([
    expect.stringContaining("found app-production for the environment staging"),
  ]);
});
