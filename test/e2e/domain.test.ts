import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { repository } from "../_helpers/cli.ts";
import { createProject, type Project } from "../_helpers/project.ts";

/** A configuration as it is for production, with a domain, rehearsed without a change. */
let project: Project;
let curl = "";

beforeAll(async () => {
  project = await createProject("domain");
  await cp(join(repository, "examples", "python-http"), join(project.folder, "app"), {
    recursive: true,
  });
  await project.configure({
    name: "domain",
    protection: false,
    region: "eu-west-1",
    domain: "api.example.com",
    zone: "example.com",
    image: { context: "app", port: 8000 },
    instances: { type: "t3.micro", min: 1, max: 2 },
  });
});

afterAll(async () => {
  await project.remove();
});

test("up ends when https://DOMAIN answers, and tells the line for a shell", async () => {
  const result = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  expect(JSON.parse(result.stdout)).toMatchObject({ url: "https://api.example.com" });
  curl = /from a shell: (.*)/.exec(result.stderr)?.[1] ?? "";
  expect(curl).toMatch(/^curl --cacert \S+ --connect-to api\.example\.com:80:127\.0\.0\.1:\d+ /);
});

test("that line speaks HTTPS with a certificate of the domain, from port 80 as well", async () => {
  const ask = async (line: string): Promise<string> => {
    const { stdout } = await promisify(execFile)("sh", [
      "-c",
      `${line} --silent --show-error --location --output /dev/null --write-out '%{http_code} %{num_redirects} %{url_effective} %{ssl_verify_result}'`,
    ]);
    return stdout;
  };
  expect(await ask(curl)).toBe("200 0 https://api.example.com/ 0");
  expect(await ask(curl.replace("https://api", "http://api"))).toBe(
    "200 1 https://api.example.com:443/ 0",
  );
});

test("status asks the domain, not whoever has it on the internet", async () => {
  const status = await project.run("status", "--json");
  expect(status.exitCode, status.stderr).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({
    healthy: true,
    url: "https://api.example.com",
  });
});

test("a second up and a plan find nothing to change", async () => {
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout + plan.stderr).toBe(0);
  const again = await project.run("up", "--json");
  expect(again.exitCode, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
});

test("destroy, and nothing is left", async () => {
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("none left by tag");
});
