import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
} from "@aws-sdk/client-resource-groups-tagging-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxCredentials } from "../../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import { stateBucketName } from "../../../src/stack/names.ts";
import { cliPath, repository } from "../../_helpers/cli.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { openTerminal, type Terminal, type TerminalEnd } from "../../_helpers/pty.ts";

/** `up` and `destroy` on a real terminal, stopped at every stage of a real run in every way that people and machines stop things. */
const at = {
  Bucket: stateBucketName("123456789012", "eu-west-1"),
  Key: "stops/production/terraform.tfstate",
};
/** In the panel, when some of the resources are made or gone. */
const someOf = /[1-9]\d* of \d+/;
let project: Project;

beforeAll(async () => {
  project = await createProject("stops");
  await cp(join(repository, "examples", "python-http"), join(project.folder, "app"), {
    recursive: true,
  });
  await project.configure({
    name: "stops",
    protection: false,
    region: "eu-west-1",
    image: { context: "app", port: 8000 },
    instances: { type: "t3.micro", min: 1, max: 2 },
  });
});

afterAll(async () => {
  await project.remove();
});

test("up: three quick presses while the local region starts", async () => {
  const terminal = await start("up", /Starting the sandbox/);
  await terminal.pressControlC(3, 50);
  expect(codeOf(await terminal.ended)).toBe(130);
  expect(terminal.text()).toContain("✖ Stopped by Ctrl-C");
  const files = await readdir(join(sandboxFolder(project.env, project.sandbox), ".."));
  expect(files.filter((file) => file.endsWith(".lock"))).toEqual([]);
});

test.each([
  ["the image is built", /Build the image/],
  ["the plan is made", /Plan the infrastructure \(/],
])("up: Ctrl-C while %s", async (_, moment) => {
  const terminal = await start("up", moment);
  await terminal.pressControlC();
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  await expectUntouched();
});

test("up: Ctrl-C at the question", async () => {
  const terminal = await start("up", /Apply this\? \[y\/N\] /, { yes: false });
  await terminal.pressControlC();
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  expect(terminal.text()).toContain("Stopped by Ctrl-C; nothing was applied");
  await expectUntouched();
});

test("up: one Ctrl-C while the load balancer is being made", async () => {
  const terminal = await start("up", /load_balancer\.aws_lb/);
  await terminal.pressControlC();
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  expect(terminal.text()).toContain("finishes what is in flight");
  await expectWhole();
});

test("up again, three presses", async () => {
  const terminal = await start("up", someOf);
  await terminal.pressControlC(3);
  expect(codeOf(await terminal.ended)).toBe(130);
  await expectWhole();
});

test("up again, the terminal is closed", async () => {
  const terminal = await start("up", someOf);
  terminal.hangUp();
  expect(await terminal.ended).toEqual({ exitCode: 129, signal: 0 });
  await expectWhole();
});

test.each([
  ["the image is pushed", /Push /],
  ["the instances start", /Start the instances/],
])("up again, Ctrl-C while %s", async (_, moment) => {
  const terminal = await start("up", moment);
  await terminal.pressControlC();
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  await expectWhole();
});

test("the next up converges: one of everything, and the address answers", async () => {
  const result = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  expect((await project.run("status")).exitCode).toBe(0);
  await expectWhole();
});

test("status --watch --json: a document a line until it is stopped", async () => {
  const documents = /^(\{.*"schema_version":1.*\}\r?\n){2}/m;
  const terminal = await start("status", documents, { yes: false, more: ["--watch", "--json"] });
  terminal.kill("SIGTERM");
  expect(await terminal.ended).toEqual({ exitCode: 0, signal: 0 });
});

test("destroy: Ctrl-C at the question", async () => {
  const terminal = await start("destroy", /\[y\/N\] /, { yes: false });
  await terminal.pressControlC();
  expect(await terminal.ended).toEqual({ exitCode: 130, signal: 0 });
  expect(terminal.text()).toContain("nothing was destroyed");
  expect((await project.run("status")).exitCode).toBe(0);
});

// Each removes a part of what the previous one left, so only the last waits until some of it is gone.
test.each([
  ["three presses", /Destroy the infrastructure/, 130, async (it: Terminal) => it.pressControlC(3)],
  [
    "the terminal is closed",
    /Destroy the infrastructure/,
    129,
    async (it: Terminal) => it.hangUp(),
  ],
  ["SIGTERM", /Destroy the infrastructure/, 143, async (it: Terminal) => it.kill("SIGTERM")],
  ["one Ctrl-C", someOf, 130, async (it: Terminal) => it.pressControlC()],
])("destroy, %s in the middle", async (_, moment, exitCode, stop) => {
  const terminal = await start("destroy", moment);
  await stop(terminal);
  expect(codeOf(await terminal.ended)).toBe(exitCode);
  await expectWhole();
});

test("the next destroy leaves nothing", async () => {
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(await tagged()).toEqual([]);
});

async function start(
  verb: string,
  moment: RegExp,
  { yes, more }: { readonly yes: boolean; readonly more?: readonly string[] } = { yes: true },
): Promise<Terminal> {
  // In CI there is no live line to wait for.
  const { CI: _, ...personEnv } = project.env;
  const terminal = await openTerminal({
    file: process.execPath,
    args: [
      cliPath,
      verb,
      "--sandbox",
      project.sandbox,
      ...(yes ? ["--yes"] : []),
      ...(more ?? []),
      ...(verb === "up" ? await project.buildArgs() : []),
    ],
    cwd: project.folder,
    env: { ...personEnv, TERM: "xterm" },
  });
  await terminal.waitFor(moment);
  return terminal;
}

/** As a shell reports it: a further press may meet a Node that has said everything and takes its own handlers away. */
function codeOf({ exitCode, signal }: TerminalEnd): number {
  return signal === 0 ? exitCode : 128 + signal;
}

/** The lock is released, and the state knows every load balancer, network and group that exists: nothing is an orphan. */
async function expectWhole(): Promise<void> {
  const s3 = new S3Client({ ...(await clientOptions()), forcePathStyle: true });
  await expectUnlocked(s3);
  const stored = await s3.send(new GetObjectCommand(at));
  const text = (await stored.Body?.transformToString()) ?? "";
  // A deleted NAT gateway is listed for a while, as on AWS.
  const orphans = (await tagged()).filter(
    (arn) => !arn.includes(":natgateway/") && !text.includes(lastPart(arn)),
  );
  expect(orphans).toEqual([]);
}

/** Nothing was applied, and the lock of a plan is released. */
async function expectUntouched(): Promise<void> {
  await expectUnlocked(new S3Client({ ...(await clientOptions()), forcePathStyle: true }));
  expect(await tagged()).toEqual([]);
}

async function expectUnlocked(s3: S3Client): Promise<void> {
  const locked = await s3.send(new HeadObjectCommand({ ...at, Key: `${at.Key}.tflock` })).then(
    () => true,
    () => false,
  );
  expect(locked).toBe(false);
}

/** ARNs of what Terraform made; instances and their volumes belong to the groups. */
async function tagged(): Promise<readonly string[]> {
  const tagging = new ResourceGroupsTaggingAPIClient(await clientOptions());
  const answer = await tagging.send(
    new GetResourcesCommand({
      TagFilters: [{ Key: "infer-deploy:name", Values: ["stops"] }],
      ResourcesPerPage: 100,
    }),
  );
  return (answer.ResourceTagMappingList ?? [])
    .map((mapping) => mapping.ResourceARN ?? "")
    .filter((arn) => !/:(instance|volume|network-interface)\//.test(arn));
}

function lastPart(arn: string): string {
  return arn.split(/[:/]/).at(-1) ?? arn;
}

async function clientOptions() {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  return {
    region: "eu-west-1",
    endpoint: state.endpoint,
    credentials: sandboxCredentials(state),
  };
}
