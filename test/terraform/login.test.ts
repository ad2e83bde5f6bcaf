import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DescribeListenersCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import { CreateHostedZoneCommand } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createAwsClients, type AwsClients } from "../../src/aws/clients.ts";
import { setLogin } from "../../src/aws/listener/login.ts";
import { listenerWeights, setListenerWeights } from "../../src/aws/load-balancer.ts";
import { parseJson, recordOf, textOf } from "../../src/terraform/events/json.ts";
import { renderForBareTerraform, type BareTerraform } from "../_helpers/bare-terraform.ts";
import { makeStateBucket } from "../_helpers/applied-terraform.ts";
import { startEmulator, type Emulator } from "../_helpers/emulator.ts";
import { stackInput } from "../_helpers/stack-values.ts";

/** A login that Terraform makes and the CLI completes, with the real provider. */
const secret = "the-client-secret-of-the-demo";
const endpoints = {
  authorization: "https://login.example.com/auth",
  token: "https://login.example.com/token",
  userInfo: "https://login.example.com:8443/me",
};
const oidc = {
  issuer: "https://login.example.com",
  clientId: "demo",
  scope: "openid",
  sessionSeconds: 3600,
};
const wanted = {
  auth: "oidc",
  oidc,
  domains: ["demo.example.com"],
  zone: "example.com",
  state: { backend: "local", organization: null, workspace: null },
} as const;

let emulator: Emulator;
let terraform: BareTerraform;
let aws: AwsClients;
let listener = "";

beforeAll(async () => {
  const { region } = stackInput();
  emulator = await startEmulator(region);
  const credentials = { accessKeyId: "sandbox", secretAccessKey: "sandbox" };
  aws = createAwsClients({ region, endpoint: emulator.endpoint, credentials });
  await (
    await aws.route53()
  ).send(new CreateHostedZoneCommand({ Name: "example.com", CallerReference: "test" }));
  await makeStateBucket(aws, region);
  terraform = await renderForBareTerraform(emulator.env);
  await terraform.render(wanted, { login: endpoints });
  await terraform.expect([0], "init", "-input=false");
  await terraform.expect([0], "apply", "-auto-approve", "-input=false");
  const { stdout } = await terraform.expect([0], "output", "-json");
  listener = textOf(recordOf(recordOf(parseJson(stdout))["listener_arn"])["value"]);
});
afterAll(async () => {
  await terraform?.remove();
  await emulator?.stop();
});

test("the new listener asks for the login, and has the weights", async () => {
  expect(await actions()).toEqual(["1 authenticate-oidc", "2 forward"]);
  expect(new Set((await weights()).values())).toEqual(new Set([0, 100]));
});

test("the client's secret and moved weights plan nothing, and are in no state", async () => {
  const client = await aws.loadBalancing();
  await setLogin(
    client,
    listener,
    {
      issuer: oidc.issuer,
      authorizationEndpoint: endpoints.authorization,
      tokenEndpoint: endpoints.token,
      userInfoEndpoint: endpoints.userInfo,
      clientId: oidc.clientId,
      scope: "openid email",
      sessionSeconds: oidc.sessionSeconds,
    },
    secret,
  );
  const groups = [...(await weights()).keys()];
  await setListenerWeights(client, listener, new Map(groups.map((arn, index) => [arn, index])));
  expect(await actions()).toEqual(["1 authenticate-oidc", "2 forward"]);
  expect([...(await weights()).values()]).toEqual([0, 1]);
  await terraform.expect([0], "plan", "-input=false", "-detailed-exitcode");
  await terraform.expect([0], "apply", "-auto-approve", "-refresh-only", "-input=false");
  const state = await readFile(join(terraform.folder, "terraform.tfstate"), "utf8");
  expect(state).toContain("openid email");
  expect(state).not.toContain(secret);
});

test("another client in the configuration is the CLI's to set, and without a login Terraform opens no door", async () => {
  await terraform.render({ ...wanted, oidc: { ...oidc, clientId: "other" } }, { login: endpoints });
  await terraform.expect([0], "plan", "-input=false", "-detailed-exitcode");
  await terraform.render({ ...wanted, auth: "none", oidc: null });
  await terraform.expect([0], "apply", "-auto-approve", "-input=false");
  expect(await actions()).toEqual(["1 authenticate-oidc", "2 forward"]);
});

async function actions(): Promise<readonly string[]> {
  const client = await aws.loadBalancing();
  const { Listeners } = await client.send(
    new DescribeListenersCommand({ ListenerArns: [listener] }),
  );
  return (Listeners?.[0]?.DefaultActions ?? []).map(({ Order, Type }) => `${Order} ${Type}`);
}

async function weights(): Promise<ReadonlyMap<string, number>> {
  return listenerWeights(await aws.loadBalancing(), listener);
}
