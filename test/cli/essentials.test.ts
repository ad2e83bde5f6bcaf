import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { repository } from "../_helpers/cli.ts";

/** What `up` says on a machine that lacks something: before anything is built, one sentence and one command for each thing. */
let folder: string;
let state: string;
let programs: string;
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "essentials-"));
  state = await mkdtemp(join(tmpdir(), "essentials-state-"));
  programs = join(folder, "programs");
  await mkdir(programs);
  await symlink(process.execPath, join(programs, "node"));
  await writeFile(join(folder, "infer-deploy.yml"), "name: app\nregion: eu-west-1\n");
  await writeFile(join(folder, "Dockerfile"), "FROM scratch\n");
});

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  await rm(folder, { recursive: true });
  await rm(state, { recursive: true });
});

test("nothing is there: everything is named at once", async () => {
  const result = await up({});
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("3 things stand in the way.");
  for (const text of [
    "There are no AWS credentials here.",
    "docker is not installed, or not on the PATH",
    "Terraform is not installed",
  ]) {
    expect(result.stderr).toContain(text);
  }
  expect(result.stderr.match(/next: /g)).toHaveLength(3);
});

test("a Terraform that is too old is reported with its version", async () => {
  await program("docker", "echo 28.0.0");
  await program("terraform", "printf 'Terraform v1.5.7\\non linux_amd64\\n'");
  const result = await up({ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" });
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toMatch(/terraform is version 1\.5\.7/);
  expect(result.stderr).toContain("1.10");
});

test("an engine that is off is reported with its client's message", async () => {
  await program("docker", "echo 'Cannot connect to the Docker daemon' >&2; exit 1");
  await program("terraform", "printf 'Terraform v1.11.4\\non linux_amd64\\n'");
  const result = await up({ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" });
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("No Docker engine answers");
  expect(result.stderr).toContain("Cannot connect to the Docker daemon");
});

test("a Dockerfile that is not there is a problem of the config, with its line", async () => {
  await rm(join(folder, "Dockerfile"));
  const result = await up({});
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("Dockerfile");
  expect(result.stderr).not.toContain("things stand in the way");
});

test("one missing thing alone also ends with 64", async () => {
  const account = await fakeSts(identityAnswer);
  await program("terraform", "printf 'Terraform v1.11.4\\non linux_amd64\\n'");
  const result = await up({ ...credentials, AWS_ENDPOINT_URL: account });
  expect(result).toMatchObject({ exitCode: 64 });
  expect(result.stderr).toMatch(/^✖ docker is not installed, or not on the PATH\n {2}next: /);
});

test("plan and destroy ask for no Docker engine", async () => {
  const account = await fakeSts(identityAnswer);
  for (const verb of ["plan", "destroy"]) {
    const result = await up({ ...credentials, AWS_ENDPOINT_URL: account }, verb);
    expect(result).toMatchObject({ exitCode: 64 });
    expect(result.stderr).toMatch(/^✖ Terraform is not installed\n/);
  }
});

test("programs and an AWS that hang do not hold it up", async () => {
  await program("docker", "sleep 60");
  await program("terraform", "sleep 60");
  await symlink("/bin/sleep", join(programs, "sleep"));
  const account = await fakeSts(() => undefined);
  const result = await up({ ...credentials, AWS_ENDPOINT_URL: account });
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("AWS does not answer in eu-west-1.");
  expect(result.stderr).toContain("terraform does not print its version");
  expect(result.stderr.match(/no answer within (4|5|10) seconds/g)).toHaveLength(3);
});

test("the log-in page of a network is not taken for AWS", async () => {
  const page = "<!DOCTYPE html><html><body>Please log in<br></body></html>";
  for (const body of [page, "<html><body>Please log in</body></html>"]) {
    const account = await fakeSts((answer) =>
      answer.setHeader("content-type", "text/html").end(body),
    );
    const result = await up({ ...credentials, AWS_ENDPOINT_URL: account }, "status");
    expect(result.exitCode).toBe(64);
    expect(result.stderr).toMatch(/^✖ Something other than AWS answers in eu-west-1\.\n/);
  }
});

test("a profile that does not exist is named", async () => {
  const result = await up({}, "status", "--profile", "nope");
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("The AWS profile nope does not exist");
});

const credentials = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" };

function identityAnswer(answer: ServerResponse): void {
  answer.setHeader("content-type", "text/xml");
  answer.end(
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>` +
      `<Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>A</UserId><Account>123456789012</Account>` +
      `</GetCallerIdentityResult></GetCallerIdentityResponse>`,
  );
}

/** Something that answers where AWS should, or does not. */
async function fakeSts(handle: (answer: ServerResponse) => void): Promise<string> {
  const server = createServer((_, answer) => {
    handle(answer);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A program that only says one thing: the answers of versions that are not on this machine. */
async function program(name: string, script: string): Promise<void> {
  await writeFile(join(programs, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(programs, name), 0o755);
}

async function up(
  env: Record<string, string>,
  verb = "up",
  ...args: string[]
): Promise<{ readonly exitCode: number; readonly stderr: string }> {
  const script = `
    const { main } = await import(${JSON.stringify(join(repository, "src", "cli.ts"))});
    await main(["node", "infer-deploy", ${JSON.stringify(verb)}, "--yes", ...${JSON.stringify(args)}]);
  `;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ["--input-type=module", "--eval", script],
      {
        cwd: folder,
        env: {
          PATH: programs,
          HOME: folder,
          XDG_STATE_HOME: state,
          AWS_EC2_METADATA_DISABLED: "true",
          // Nothing answers there, so no test depends on the network.
          AWS_ENDPOINT_URL: "http://127.0.0.1:9",
          AWS_MAX_ATTEMPTS: "1",
          ...env,
        },
      },
      (error, _stdout, stderr) => {
        resolve({ exitCode: typeof error?.code === "number" ? error.code : 0, stderr });
      },
    );
  });
}
