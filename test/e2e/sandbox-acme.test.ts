import {
  AssociateAddressCommand,
  DescribeAddressesCommand,
  DisassociateAddressCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { connect } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSandbox } from "../../sandbox/src/lifecycle/start.ts";
import { readAddresses } from "../../sandbox/src/client/route53.ts";
import { createSandboxFetch, curlCommand } from "../../sandbox/src/client/sandbox-fetch.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";
import { changeWeather } from "../../sandbox/src/client/weather.ts";
import { createSandboxHome, eventually, type SandboxHome } from "../_helpers/sandbox-home.ts";
import { type AddressedMachine, launchWithAddress } from "../_helpers/addressed-machine.ts";

const name = "e2e-acme";
const domain = "api.example.com";
const url = `https://${domain}/`;
let home: SandboxHome;
let state: SandboxState;
let machine: AddressedMachine;

beforeAll(async () => {
  home = await createSandboxHome();
  state = await startSandbox(home.deps, { name, region: "us-east-1" });
});

afterAll(() => home.remove(name));

test("a region without an Elastic IP address has no certificate authority", async () => {
  expect(await processes()).not.toContain("authority-engine");
  // From the start, because Caddy renews what it has only near its end.
  await changeWeather(state, { "short-certificates": "90s", "bad-nonces": "10" });
});

test("an instance takes an Elastic IP address by its role, and a certificate for the name that leads there", async () => {
  machine = await launchWithAddress(state, domain, userData);
  await eventually(answer, (text) => text === `hello from ${domain}`);
  const found = await certificate();
  expect(found.names).toBe(`DNS:${domain}`);
  expect(found.validSeconds).toBeLessThanOrEqual(90);
  const { Addresses } = await machine.ec2.send(
    new DescribeAddressesCommand({ AllocationIds: [machine.allocation] }),
  );
  expect(Addresses?.[0]?.InstanceId).toBe(machine.instance);
});

test("the printed curl line gets the same answer, and the address itself is reached, too", async () => {
  const line = (await curlCommand(home.deps.env, name, url)) ?? "";
  const { stdout } = await home.deps.run({ file: "sh", args: ["-c", line], writes: false });
  expect(stdout).toBe(`hello from ${domain}`);
  const redirect = await ask()(`http://${machine.address}/`, { redirect: "manual" });
  expect(redirect.status).toBe(308);
});

test("the certificate is renewed before it ends, and the connection stays trusted", async () => {
  const first = await certificate();
  const second = await eventually(certificate, ({ serial }) => serial !== first.serial);
  expect(second.validSeconds).toBeGreaterThan(30);
  expect(await answer()).toBe(`hello from ${domain}`);
});

test("the weather of the authority: 503 to everyone, or 429 with Retry-After to new orders", async () => {
  const api = "https://acme-v02.api.letsencrypt.org";
  const status = (path: string, ...args: string[]) =>
    inside("curl", "-si", ...args, `${api}${path}`);
  const directory = await status("/directory");
  expect(directory).toMatch(/^HTTP\/2 200/);
  expect(directory).toContain(`"newOrder": "${api}/order-plz"`);
  await changeWeather(state, { "authority-down": true });
  await eventually(
    () => status("/directory"),
    (text) => text.startsWith("HTTP/2 503"),
  );
  await changeWeather(state, { "authority-busy": "90s" });
  await eventually(
    () => status("/directory"),
    (text) => text.startsWith("HTTP/2 200"),
  );
  const refused = await status("/order-plz", "-X", "POST");
  expect(refused).toMatch(/^HTTP\/2 429/);
  expect(refused).toMatch(/retry-after: 90/);
  expect(refused).toContain("urn:ietf:params:acme:error:rateLimited");
  await changeWeather(state, {});
});

test("without its instance the address refuses connections, as a dead machine", async () => {
  const { Addresses } = await machine.ec2.send(new DescribeAddressesCommand({}));
  const AssociationId = Addresses?.[0]?.AssociationId;
  await machine.ec2.send(new DisassociateAddressCommand({ AssociationId }));
  await expect(ask()(url)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  const again = { AllocationId: machine.allocation, InstanceId: machine.instance };
  await machine.ec2.send(new AssociateAddressCommand(again));
  expect(await answer()).toBe(`hello from ${domain}`);
  await home.docker("kill", `infer-deploy-${name}-${machine.instance}`);
  await eventually(refusal, (code) => code === "ECONNREFUSED");
  await machine.ec2.send(new TerminateInstancesCommand({ InstanceIds: [machine.instance] }));
});

/** A new client each time, with its own connections. */
function ask(): typeof fetch {
  return createSandboxFetch(home.deps.env, name, "name");
}

async function answer(): Promise<string> {
  return ask()(url, { signal: AbortSignal.timeout(5000) }).then(
    async (response) => response.text(),
    (error: unknown) => String((error as Error).cause ?? error),
  );
}

async function refusal(): Promise<unknown> {
  return ask()(url, { signal: AbortSignal.timeout(5000) }).then(
    () => "answered",
    (error: unknown) => (error as { cause?: { code?: string } }).cause?.code,
  );
}

async function inside(...command: string[]): Promise<string> {
  return home.docker("exec", `infer-deploy-${name}-${machine.instance}`, ...command);
}

async function processes(): Promise<string> {
  return home.docker("top", `infer-deploy-${name}-balancer`, "-o", "pid,args");
}

/** The certificate that the instance serves the domain with, if this sandbox's clients trust it. */
async function certificate() {
  const served = String((await readAddresses(state))[domain]?.["443"]);
  const [host, port] = served.split(":");
  const ca = await readFile(join(home.folder(name), "certs", "ca.crt"), "utf8");
  return new Promise<{ serial: string; names: string; validSeconds: number }>((resolve, reject) => {
    const socket = connect({ host, port: Number(port), servername: domain, ca }, () => {
      const { serialNumber, subjectaltname, valid_to } = socket.getPeerCertificate();
      socket.destroy();
      resolve({
        serial: serialNumber,
        names: subjectaltname ?? "",
        validSeconds: (Date.parse(valid_to) - Date.now()) / 1000,
      });
    });
    socket.once("error", reject);
  });
}

/** The boot of a machine that has its address in ADDRESS: it takes it with the keys of its role, and serves the domain by Caddy. */
const userData = `#!/bin/bash
set -eu
token=$(curl -sf -X PUT http://169.254.169.254/latest/api/token -H 'X-aws-ec2-metadata-token-ttl-seconds: 300')
get() { curl -sf -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"; }
keys=$(get "iam/security-credentials/$(get iam/security-credentials/)")
key() { python3 -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$keys" "$1"; }
curl -sf --aws-sigv4 aws:amz:us-east-1:ec2 --user "$(key AccessKeyId):$(key SecretAccessKey)" -H "X-Amz-Security-Token: $(key Token)" \\
  -d Action=AssociateAddress -d Version=2016-11-15 -d AllocationId=ALLOCATION -d "InstanceId=$(get instance-id)" -d AllowReassociation=true \\
  "$AWS_ENDPOINT_URL/"
mkdir -p /etc/caddy
cat >/etc/caddy/Caddyfile <<'END'
{
  # 2.6 has no other way to see a renewal within a minute.
  renew_interval 5s
}
${domain} {
  respond "hello from {http.request.host}"
}
END
apt-get update
DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -o Dpkg::Options::=--force-confold caddy
`;
