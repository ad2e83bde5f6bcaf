import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxHeaders } from "../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import { createProject, contextFor, type Project } from "../_helpers/project.ts";
import { leaveUnrun } from "../_helpers/printed-runs.ts";

/** A domain whose zone `up` makes: the region has none, and nothing is delegated to a new one. */
let project: Project;
const config = {
  name: "zone",
  region: "eu-west-1",
  domain: "api.example.com",
  zone: "example.com",
};

beforeAll(async () => {
  project = await createProject("zone");
  const context = contextFor(project, "examples/python-http");
  await project.configure({ ...config, image: { context, port: 8000 } });
});

afterAll(async () => {
  await project.remove();
});

test("up --make-zone makes the zone and ends with the name servers for the registrar", async () => {
  const made = await project.run("up", "--make-zone", "--yes", ...(await project.buildArgs()));
  expect(made.exitCode, made.stderr).toBe(64);
  expect(made.stderr).toMatch(/made the Route53 zone example\.com \(Z\w+\), 0\.50 USD a month/);
  expect(made.stderr).toContain("example.com is not delegated to its Route53 zone.");
  expect(servers(made.stderr).length).toBeGreaterThan(1);
});

test("a second one makes no second zone, and the plan continues once the zone is delegated", async () => {
  const again = await project.run("up", "--make-zone", "--yes", ...(await project.buildArgs()));
  expect(again.exitCode, again.stderr).toBe(64);
  expect(again.stderr).not.toContain("made the Route53 zone");
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  await fetch(`${state.endpoint}/_sandbox/dns`, {
    headers: sandboxHeaders(state),
    method: "PUT",
    body: JSON.stringify({ zone: config.zone, name_servers: servers(again.stderr) }),
  });
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stderr).toBe(2);
  // The test of the domains runs it.
  leaveUnrun("up --sandbox zone");
});

/** Those that the refusal lists. */
function servers(text: string): readonly string[] {
  return [...text.matchAll(/example\.com\. {2}NS {2}(\S+)\.$/gm)].map(([, server = ""]) => server);
}
