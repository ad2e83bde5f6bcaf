import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ListResourceRecordSetsCommand, type ResourceRecordSet } from "@aws-sdk/client-route-53";
import { RequestCertificateCommand } from "@aws-sdk/client-acm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxHeaders } from "../../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import type { AwsClients } from "../../../src/aws/clients.ts";
import { findZones } from "../../../src/aws/dns/hosted-zones.ts";
import { fleetOutputs, parseStackRecord } from "../../../src/state/stack-record.ts";
import { askAllTheTime } from "../../_helpers/ask-all-the-time.ts";
import { repository } from "../../_helpers/cli.ts";
import { moveTraffic, readWeights } from "../../_helpers/listener-weights.ts";
import { impliedCalls, networkCalls, scalingCalls } from "../../_helpers/network-calls.ts";
import { pagePolicies } from "../../_helpers/policy-page.ts";
import { examinePolicies } from "../../_helpers/policy-simulation.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { recordedCalls } from "../../_helpers/recorded-calls.ts";
import { sourceCalls } from "../../_helpers/source-calls.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";

/** A configuration as it is for production, with a domain, rehearsed without a change. */
let project: Project;
let curl = "";
const config = {
  name: "domain",
  protection: false,
  region: "eu-west-1",
  image: { context: "app", port: 8000 },
  instances: { type: "t3.micro", min: 1, max: 2 },
  tags: { team: "search" },
};
/** Settings that Terraform changes in place: launch templates, target groups and all tags. */
const otherwise = {
  ...config,
  instances: { ...config.instances, disk: 40 },
  health: { unhealthy_threshold: 7 },
  tags: {},
};
const domain = { domain: "api.example.com", zone: "example.com" };
const domains = { ...domain, domain: ["api.example.com", "www.example.com"] };

beforeAll(async () => {
  project = await createProject("domain");
  await cp(join(repository, "examples", "python-http"), join(project.folder, "app"), {
    recursive: true,
  });
  await project.configure({ ...config, ...domain });
});

afterAll(async () => {
  await project.remove();
});

test("up ends when https://DOMAIN answers, and prints the line for a shell", async () => {
  const result = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  expect(JSON.parse(result.stdout)).toMatchObject({ url: "https://api.example.com" });
  curl = /from a shell: (.*)/.exec(result.stderr)?.[1] ?? "";
  expect(curl).toMatch(/^curl --cacert \S+ --connect-to api\.example\.com:80:127\.0\.0\.1:\d+ /);
});

test("that line speaks HTTPS with a certificate of the domain, from port 80 as well", async () => {
  const format = "%{http_code} %{num_redirects} %{url_effective} %{ssl_verify_result}";
  const ask = async (line: string) => shell(`${line} --location --write-out '${format}'`);
  expect(await ask(curl)).toBe("200 0 https://api.example.com/ 0");
  expect(await ask(curl.replace("https://api", "http://api"))).toBe(
    "200 1 https://api.example.com:443/ 0",
  );
});

test("answers have the security headers, and a header that is turned off is the app's own again", async () => {
  const headers = async () => (await shell(`${curl} --dump-header -`)).toLowerCase();
  const first = await headers();
  expect(first).toContain("strict-transport-security: max-age=31536000\r\n");
  expect(first).toContain("x-content-type-options: nosniff\r\n");
  expect(first).toContain("x-frame-options: deny\r\n");
  const response_headers = {
    strict_transport_security: "max-age=60",
    frame_options: "off",
    content_security_policy: "default-src 'none'",
  };
  await project.configure({ ...config, ...domains, response_headers });
  const result = await project.run("up", "--yes", "--json");
  expect(result.exitCode, result.stderr).toBe(0);
  // The load balancer reads its attributes every five seconds.
  await expect.poll(headers, { timeout: 20_000 }).not.toContain("x-frame-options");
  const second = await headers();
  expect(second).toContain("strict-transport-security: max-age=60\r\n");
  expect(second).toContain("x-content-type-options: nosniff\r\n");
  expect(second).toContain("content-security-policy: default-src 'none'\r\n");
});

test("a second domain came with it: both answer with one certificate, and status asks the sandbox about both", async () => {
  const other = curl.replaceAll("api.example.com", "www.example.com");
  const answer = await shell(`${other} --write-out '%{http_code} %{ssl_verify_result}'`);
  expect(answer).toBe("200 0");
  const status = await project.run("status", "--json");
  expect(status.exitCode, status.stderr).toBe(0);
  const own = { record: "own", delegated: true, certificate: { status: "ISSUED" } };
  expect(JSON.parse(status.stdout)).toMatchObject({
    healthy: true,
    https: true,
    url: "https://api.example.com",
    domains: domains.domain.map((name) => ({ name, ...own })),
  });
});

test("a zone that its registrar delegates elsewhere is refused before a plan", async () => {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  const { endpoint } = state;
  const headers = sandboxHeaders(state);
  const delegate = async (name_servers: readonly string[]) =>
    fetch(`${endpoint}/_sandbox/dns`, {
      headers,
      method: "PUT",
      body: JSON.stringify({ zone: "example.com", name_servers }),
    });
  const { name_servers: own } = (await (
    await fetch(`${endpoint}/_sandbox/dns?name=example.com`, { headers })
  ).json()) as { name_servers: string[] };
  await delegate(["ns1.registrar.example"]);
  await project.configure({ ...config, ...domains, logs: { retention: 7 } });
  const plan = await project.run("plan");
  await project.configure({ ...config, ...domains });
  await delegate(own);
  expect(plan.exitCode, plan.stderr).toBe(64);
  expect(plan.stderr).toContain("example.com is delegated to other name servers");
  expect(plan.stderr).toContain(`example.com.  NS  ${own[0]}.`);
});

test("a second up and a plan find nothing to change", async () => {
  const reset = await project.run("up", "--yes", "--json");
  expect(reset.exitCode, reset.stderr).toBe(0);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout + plan.stderr).toBe(0);
  const again = await project.run("up", "--json");
  expect(again.exitCode, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
});

test("port 80 answers all the time while the domain goes, and comes back with the colour that serves", async () => {
  const port80 = /:80:(127\.0\.0\.1:\d+)/.exec(curl)?.[1] ?? "";
  // No listener begins with this weight, so port 80 can have it from port 443 only.
  await moveTraffic(await openStack(), { blue: 77, green: 0 });
  const asking = askAllTheTime(`http://${port80}/`);
  await project.configure(otherwise);
  const plain = await project.run("up", "--yes", "--json");
  expect(plain.exitCode, plain.stderr).toBe(0);
  expect(JSON.parse(plain.stdout)).toMatchObject({ url: `http://${port80}`, https: false });
  expect(plain.stderr).toContain("plain HTTP");
  expect(await readWeights(await openStack())).toEqual({ blue: 77, green: 0 });
  const status = await project.run("status");
  expect(status.stdout).toContain("HTTP only");
  expect(status.stdout).toContain("open to   THE WORLD");
  await asking.until(200);
  await asking.end();
  await moveTraffic(await openStack(), { blue: 0, green: 100 });
  await project.configure({ ...otherwise, ...domain });
  const secure = await project.run("up", "--yes", "--json");
  expect(secure.exitCode, secure.stderr).toBe(0);
  expect(JSON.parse(secure.stdout)).toMatchObject({ url: "https://api.example.com" });
  expect(await readWeights(await openStack())).toEqual({ blue: 0, green: 100 });
  await moveTraffic(await openStack(), { blue: 100, green: 0 });
  const ask = async () => (await fetch(`http://${port80}/`, { redirect: "manual" })).status;
  await expect.poll(ask, { timeout: 20_000 }).toBe(301);
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout + plan.stderr).toBe(0);
});

test("destroy, and nothing is left but the record by which another region's certificate renews", async () => {
  const { aws } = await openStack();
  const other = await aws.acm("us-east-1");
  const request = { DomainName: domain.domain, ValidationMethod: "DNS" } as const;
  const { CertificateArn } = await other.send(new RequestCertificateCommand(request));
  const before = await records(aws);
  expect(before.filter(({ Type }) => Type === "A" || Type === "CNAME")).toMatchObject([
    // The idle colour's group is empty most of the time, and Route53 would take the load balancer for unhealthy.
    { Type: "A", AliasTarget: { EvaluateTargetHealth: false } },
    { Type: "CNAME" },
  ]);
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("no tagged resource left");
  expect(result.stderr).toContain(`other certificates renew by it: ${CertificateArn}`);
  expect(await records(aws)).toEqual(before.filter(({ Type }) => Type !== "A"));
  const again = await project.run("destroy", "--yes");
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.stdout).toContain("nothing to destroy");
});

/** What a line with curl prints, without the answer's body. */
async function shell(line: string): Promise<string> {
  const quiet = `${line} --silent --show-error --output /dev/null`;
  return (await promisify(execFile)("sh", ["-c", quiet])).stdout;
}

/** Of the domain's zone, by type. */
async function records(aws: AwsClients): Promise<readonly ResourceRecordSet[]> {
  const route53 = await aws.route53();
  const [zone] = await findZones(route53, domain.zone);
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zone?.id }),
  );
  return ResourceRecordSets.toSorted((one, other) =>
    (one.Type ?? "") < (other.Type ?? "") ? -1 : 1,
  );
}

test("doctor finds nothing that would make a verb fail, and names what a policy denies", async () => {
  const { exitCode, stdout } = await project.run("doctor", "--json");
  const { findings } = JSON.parse(stdout) as { findings: { check: string; state: string }[] };
  expect(exitCode, stdout).toBe(0);
  expect(findings.filter(({ state }) => state === "unknown")).toEqual([]);
  await project.runSandbox("weather", "denied=ec2:CreateVpc@scp");
  const denied = await project.run("doctor");
  expect(denied.stdout).toContain("ec2:CreateVpc: a policy of the organisation does not allow it");
});

test("the policies of docs/reference/iam.md allow each call of these verbs and their Terraform, and nothing else", async () => {
  const { place, all } = await pagePolicies(project, config);
  const calls = (await recordedCalls(project)).filter(
    ({ action, region }) => action !== "acm:RequestCertificate" || region === config.region,
  );
  expect(calls.map(({ action }) => action)).toContain("route53:ChangeResourceRecordSets");
  // Only releases make some of the calls, so those of the sources count.
  const others = [...sourceCalls(), ...networkCalls.egress, ...scalingCalls, ...impliedCalls];
  const found = await examinePolicies(all, calls, place, others);
  expect(found).toEqual({ denied: [], unused: exceptions });
});

/** Actions that the policies allow although no call here needs them. */
const exceptions = [
  // The test of GitHub's roles changes whom they trust, and makes the account's provider with its tags.
  "iam:UpdateAssumeRolePolicy",
  "iam:TagOpenIDConnectProvider",
  // `secrets set` gives a new secret its tags; the test of secrets looks at that.
  "secretsmanager:TagResource",
  // When `tags` lose one. Here the tag and the domain go at once, and the certificate with them.
  "acm:RemoveTagsFromCertificate",
];

async function openStack() {
  const { aws, store } = await openStackBucket(project, config);
  const { outputs } = parseStackRecord((await store.get("stack.json"))?.value);
  return { aws, outputs: fleetOutputs(outputs) };
}
