import { ListHostedZonesCommand, ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSandboxFetch } from "../../../sandbox/src/client/sandbox-fetch.ts";
import { readDoorReport } from "../../../src/state/reports/door-report.ts";
import { healthyStatus, oneMachine } from "../../_helpers/one-machine.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";

/**
 * examples/one-machine, with its domain, for users in one range of addresses. Port 80 is closed to the authority, so the machine proves the
 * domain by records in its zone. Certificates are valid for minutes, so that one is renewed.
 */
const stack = { name: "one-machine-allow", region: "eu-central-1" };
const url = "https://api.example.com/";

let project: Project;
let ask: typeof fetch;

beforeAll(async () => {
  project = await createProject("one-machine-allow");
  ask = createSandboxFetch(project.env, project.sandbox, "name");
  await project.configure({
    ...(await oneMachine(project, "production")),
    name: stack.name,
    network: { allow: ["52.95.0.0/16"] },
    protection: false,
    env: { GREETING: "v1" },
    release: { bake: "5s", probe: { path: "/" } },
  });
  await project.runSandbox("start", "--weather", "short-certificates=4m");
});

afterAll(async () => {
  await project.remove();
});

test("a machine that is not open to everyone gets its certificate by a record, and answers those who are allowed", async () => {
  const up = await project.succeed(
    "up",
    "--yes",
    "--json",
    "--version",
    "v1",
    ...(await project.buildArgs()),
  );
  expect(JSON.parse(up.stdout)).toMatchObject({ url: url.slice(0, -1), https: true });
  expect(await (await ask(url)).text()).toBe("v1\n");
});

test("the certificate is renewed in the same way, and no record is left behind", async () => {
  const before = await certificate();
  expect(before).toMatchObject({ state: "valid", problem: "" });
  await expect
    .poll(async () => (await certificate())?.serial, { timeout: 300_000, interval: 2000 })
    .not.toBe(before?.serial);
  expect(await (await ask(url)).text()).toBe("v1\n");
  await expect.poll(texts, { timeout: 30_000, interval: 1000 }).toEqual([]);
});

test("a second plan is empty, and destroy leaves nothing", async () => {
  await project.succeed("plan", "--detailed-exitcode");
  const end = await project.succeed("destroy", "--yes", "--json");
  expect(JSON.parse(end.stdout)).toMatchObject({ left: 0 });
});

/** What the machine reports of its certificate. */
async function certificate() {
  const { store } = await openStackBucket(project, stack);
  const [instance = ""] = (await healthyStatus(project)).instances.map(({ id }) =>
    id.replace(/-\w+$/, ""),
  );
  return (await readDoorReport(store, instance))?.certificate;
}

/** Names of the TXT records in all zones. */
async function texts(): Promise<readonly string[]> {
  const { aws } = await openStackBucket(project, stack);
  const route53 = await aws.route53();
  const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
  const records = await Promise.all(
    HostedZones.map(async ({ Id }) =>
      route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: Id })),
    ),
  );
  return records.flatMap(({ ResourceRecordSets = [] }) =>
    ResourceRecordSets.filter(({ Type }) => Type === "TXT").map(({ Name }) => Name ?? ""),
  );
}
