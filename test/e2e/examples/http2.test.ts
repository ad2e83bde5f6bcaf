import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** A container that speaks HTTP/2 only, behind the address. */
let project: Project;
let port = "";
const domain = "plain.example.com";

beforeAll(async () => {
  project = await createProject("proto-http2");
  await configure("1");
});

afterAll(() => project.remove());

test("it answers clients of HTTP/2, and others get AWS's 464", async () => {
  const up = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  port = /--connect-to plain\.example\.com:443:127\.0\.0\.1:(\d+)/.exec(up.stderr)?.[1] ?? "";
  expect(JSON.parse(await ask("--http2"))).toEqual({ path: "/a", version: "1", spoken: "2.0" });
  expect(await ask("--http1.1", "--output", "/dev/null", "--write-out", "%{http_code}")).toBe(
    "464",
  );
});

test("the next version takes over, with probes and status in HTTP/2", async () => {
  await configure("2");
  const release = await project.run("release", "--version", "2", ...(await project.buildArgs()));
  expect(release.exitCode, release.stderr).toBe(0);
  expect(JSON.parse(await ask("--http2"))).toMatchObject({ version: "2" });
  const status = await project.run("status", "--json");
  expect(status.exitCode, status.stderr).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({ healthy: true });
});

async function configure(version: string): Promise<void> {
  await project.configure({
    name: "proto-http2",
    region: "eu-central-1",
    protection: false,
    domain,
    zone: "example.com",
    image: {
      context: contextFor(project, join("test", "e2e", "fixtures", "http2")),
      port: 8000,
    },
    requests: { protocol: "http2" },
    instances: { type: "t3.small", min: 1, max: 2 },
    network: { egress: "public" },
    release: { bake: "5s" },
    env: { VERSION: version },
  });
}

async function ask(...options: readonly string[]): Promise<string> {
  const authority = join(sandboxFolder(project.env, project.sandbox), "certs", "ca.crt");
  const way = ["--silent", "--cacert", authority];
  const to = ["--connect-to", `${domain}:443:127.0.0.1:${port}`];
  const { stdout } = await execa("curl", [...way, ...to, ...options, `https://${domain}/a`]);
  return stdout;
}
