import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { ModifyListenerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { ListResourceRecordSetsCommand } from "@aws-sdk/client-route-53";
import { RequestCertificateCommand } from "@aws-sdk/client-acm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxHeaders } from "../../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import type { AwsClients } from "../../../src/aws/clients.ts";
import { findZones } from "../../../src/aws/dns/hosted-zones.ts";
import { listenerWeights } from "../../../src/aws/load-balancer.ts";
import { parseStackRecord } from "../../../src/state/stack-record.ts";
import { repository } from "../../_helpers/cli.ts";
import { impliedCalls, networkCalls } from "../../_helpers/network-calls.ts";
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

test("status asks the domain in the sandbox, not the one on the internet", async () => {
  const status = await project.run("status", "--json");
  expect(status.exitCode, status.stderr).toBe(0);
  expect(JSON.parse(status.stdout)).toMatchObject({
    healthy: true,
    url: "https://api.example.com",
    domain: { record: "own", delegated: true, certificate: { status: "ISSUED" } },
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
  await project.configure({ ...config, ...domain, logs: { retention: 7 } });
  const plan = await project.run("plan");
  await project.configure({ ...config, ...domain });
  await delegate(own);
  expect(plan.exitCode, plan.stderr).toBe(64);
  expect(plan.stderr).toContain("example.com is delegated to other name servers");
  expect(plan.stderr).toContain(`example.com.  NS  ${own[0]}.`);
});

test("a second up and a plan find nothing to change", async () => {
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout + plan.stderr).toBe(0);
  const again = await project.run("up", "--json");
  expect(again.exitCode, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
});

test("a domain that is added while green serves begins with green, and with no other plan once it is there", async () => {
  await project.configure(otherwise);
  const plain = await project.run("up", "--yes", "--json");
  expect(plain.exitCode, plain.stderr).toBe(0);
  expect((JSON.parse(plain.stdout) as { url: string }).url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect(await weights()).toEqual({ blue: 100, green: 0 });
  await shift({ blue: 0, green: 100 });
  await project.configure({ ...otherwise, ...domain });
  const secure = await project.run("up", "--yes", "--json");
  expect(secure.exitCode, secure.stderr).toBe(0);
  expect(JSON.parse(secure.stdout)).toMatchObject({ url: "https://api.example.com" });
  expect(await weights()).toEqual({ blue: 0, green: 100 });
  await shift({ blue: 100, green: 0 });
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout + plan.stderr).toBe(0);
  const again = await project.run("up", "--json");
  expect(JSON.parse(again.stdout)).toMatchObject({ changed: false });
});

test("destroy, and nothing is left but the record by which another region's certificate renews", async () => {
  const { aws } = await openStack();
  const other = await aws.acm("us-east-1");
  const request = { DomainName: domain.domain, ValidationMethod: "DNS" } as const;
  const { CertificateArn } = await other.send(new RequestCertificateCommand(request));
  const before = await recordTypes(aws);
  expect(before.filter((type) => type === "A" || type === "CNAME").toSorted()).toEqual([
    "A",
    "CNAME",
  ]);
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("no tagged resource left");
  expect(result.stderr).toContain(`other certificates renew by it: ${CertificateArn}`);
  expect(await recordTypes(aws)).toEqual(before.filter((type) => type !== "A"));
  const again = await project.run("destroy", "--yes");
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.stdout).toContain("nothing to destroy");
});

/** Of the domain's zone. */
async function recordTypes(aws: AwsClients): Promise<readonly (string | undefined)[]> {
  const route53 = await aws.route53();
  const [zone] = await findZones(route53, domain.zone);
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: zone?.id }),
  );
  return ResourceRecordSets.map(({ Type }) => Type);
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
    // This file's own client has asked for one in another region.
    ({ action, region }) => action !== "acm:RequestCertificate" || region === config.region,
  );
  expect(calls.map(({ action }) => action)).toContain("route53:ChangeResourceRecordSets");
  // Only releases make some of the calls, so those of the sources count.
  const others = [...sourceCalls(), ...networkCalls.egress, ...impliedCalls];
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
  // When `tags` of a stack with a domain lose one. Here the tag and the domain go at once, and the certificate with them.
  "acm:RemoveTagsFromCertificate",
];

/** Weights of the listener that Terraform names now. */
async function weights(): Promise<{ readonly blue: number; readonly green: number }> {
  const { aws, outputs } = await openStack();
  const found = await listenerWeights(await aws.loadBalancing(), outputs.listener_arn);
  const { blue, green } = outputs.target_group_arns;
  return { blue: found.get(blue) ?? -1, green: found.get(green) ?? -1 };
}

/** As a release does it. */
async function shift(to: { readonly blue: number; readonly green: number }): Promise<void> {
  const { aws, outputs } = await openStack();
  const TargetGroups = (["blue", "green"] as const).map((colour) => ({
    TargetGroupArn: outputs.target_group_arns[colour],
    Weight: to[colour],
  }));
  await (
    await aws.loadBalancing()
  ).send(
    new ModifyListenerCommand({
      ListenerArn: outputs.listener_arn,
      DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
    }),
  );
}

async function openStack() {
  const { aws, store } = await openStackBucket(project, config);
  return { aws, ...parseStackRecord((await store.get("stack.json"))?.value) };
}
