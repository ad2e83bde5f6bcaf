import { afterEach, expect, test } from "vitest";
import {
  infrastructureWorld,
  removeFolders,
  wantedLogin,
} from "../../../test/_helpers/infrastructure-world.ts";
import { config } from "../../../test/_helpers/session-world.ts";
import { probeHeader } from "../../aws/listener/probe-rule.ts";
import { CommandError } from "../../errors/command-error.ts";
import { fleetOutputs, type StackRecord } from "../../state/stack-record.ts";
import { bringUp, type BringUpDeps } from "../bring-up.ts";
import { forecastUp } from "../forecast.ts";
import { tearDown } from "../tear-down.ts";
import type { WantedLogin } from "./login.ts";

afterEach(removeFolders);

const domain = "domain: app.example.com\nzone: example.com\nprotection: false";
const withLogin = config(
  `auth: oidc\noidc: { issuer: ${wantedLogin.issuer}, client_id: demo }\n${domain}`,
);
const without = config(domain);
const withKeys = config(`auth: keys\n${domain}`);
const request = { version: "v1", buildArgs: {}, refresh: false, refreshAmi: false };

async function start(settings = withLogin) {
  const world = await infrastructureWorld({ config: settings });
  const changed = (changes: Partial<BringUpDeps> = {}) => ({
    ...world.deps,
    openSession,
    ...changes,
  });
  const openSession: BringUpDeps["openSession"] = async (record) => {
    const session = await world.deps.openSession(record);
    return record.login === undefined ? session : { ...session, fetch: guarded(session.fetch) };
  };
  const up = async (changes: Partial<BringUpDeps> = {}, refresh = false) => {
    world.happened.length = 0;
    return bringUp(changed(changes), { ...request, refresh });
  };
  /** The same with another configuration. */
  const as = (other: typeof settings): Partial<BringUpDeps> => ({
    config: other,
    sources: { ...world.sources, config: other },
  });
  const wanting = (changes: Partial<WantedLogin>): Partial<BringUpDeps> => ({
    login: { ...world.deps.login, wanted: async () => ({ ...wantedLogin, ...changes }) },
  });
  const listener = () =>
    fleetOutputs((JSON.parse(world.bucket.read("stack.json") ?? "") as StackRecord).outputs)
      .listener_arn;
  /** stack.json as of a stack whose listener has HTTPS. */
  const secure = () => {
    const record = JSON.parse(world.bucket.read("stack.json") ?? "") as StackRecord;
    const outputs = { ...record.outputs, url: "https://app.example.com" };
    world.bucket.write("stack.json", JSON.stringify({ ...record, outputs }));
  };
  return { ...world, changed, up, as, wanting, listener, secure };
}

/** The address behind a login: only the probe's own rule leads past it. */
function guarded(fetcher: typeof fetch): typeof fetch {
  return async (input, init) =>
    new Headers(init?.headers).has(probeHeader)
      ? fetcher(input, init)
      : new Response("", {
          status: 302,
          headers: { location: `${wantedLogin.authorization_endpoint}?state=1` },
        });
}

test("the listener of a new stack gets the login after the apply, and the record notes it", async () => {
  const world = await start();
  world.terraform.onApply = async () => void world.happened.push("applied");
  const { stack } = await world.up();
  expect(world.happened).toEqual([
    "bucket",
    "lock",
    "applied",
    `login at ${world.listener()}`,
    "headers",
    "unlock",
  ]);
  expect(stack.login).toEqual({ ...wantedLogin, listener_arn: world.listener() });
  const { login } = JSON.parse(world.bucket.read("stack.json") ?? "") as StackRecord;
  expect(login).toEqual(stack.login);
});

test("a second up neither touches the login nor asks the issuer for the plan", async () => {
  const world = await start();
  await world.up();
  const loginEndpoints = async (): Promise<never> => {
    throw new Error("asked");
  };
  const again = await world.up({ sources: { ...world.sources, loginEndpoints } });
  expect(again.changed).toBe(false);
  expect(world.happened).toEqual([]);
});

test("a new client secret is given to the listener without an apply, under the lock", async () => {
  const world = await start();
  await world.up();
  const rotated = world.wanting({ secret_version: "v-2" });
  const forecast = await forecastUp(world.changed(rotated), { refreshAmi: false });
  expect(forecast.login).toBe(
    "~ the login at https://login.example.com gets the new client secret",
  );
  world.terraform.steps.length = 0;
  const done = await world.up(rotated);
  expect(done).toMatchObject({ changed: true, stack: { login: { secret_version: "v-2" } } });
  expect(world.terraform.steps).toEqual([]);
  expect(world.happened).toEqual(["bucket", "lock", `login at ${world.listener()}`, "unlock"]);
  expect((await world.up(rotated)).changed).toBe(false);
});

test("a refresh sets the login again, whatever the listener has", async () => {
  const world = await start();
  await world.up();
  await world.up({}, true);
  expect(world.happened).toContain(`login at ${world.listener()}`);
});

test("the door closes before Terraform removes the keys, and opens only after the apply", async () => {
  const world = await start(withKeys);
  await world.up();
  world.secure();
  world.terraform.onApply = async () => void world.happened.push("applied");
  world.terraform.exists = [...world.terraform.exists, "aws_wafv2_web_acl.this"];
  await world.up(world.as(withLogin));
  const login = `login at ${world.listener()}`;
  expect(world.happened).toEqual([
    ...["bucket", "lock", login, "applied", login],
    ...["no key group", "headers", "unlock"],
  ]);
  world.terraform.exists = [...world.terraform.exists, "aws_wafv2_web_acl.this"];
  const { stack } = await world.up(world.as(without));
  expect(world.happened.slice(2, 4)).toEqual(["applied", "no login"]);
  expect(stack.login).toBeUndefined();
  expect((await world.up(world.as(without))).changed).toBe(false);
});

test("a run that was killed before it removed the login leaves that to the next one", async () => {
  const world = await start();
  await world.up();
  const login = {
    ...world.deps.login,
    remove: async () => {
      throw new Error("killed");
    },
  };
  await expect(world.up({ ...world.as(without), login })).rejects.toThrow("killed");
  await world.up(world.as(without));
  expect(world.happened).toContain("no login");
});

test("another listener gets the secret, although the settings are the same", async () => {
  const world = await start();
  await world.up();
  const record = JSON.parse(world.bucket.read("stack.json") ?? "") as StackRecord;
  const login = { ...wantedLogin, listener_arn: "arn:of-port-80" };
  world.bucket.write("stack.json", JSON.stringify({ ...record, login }));
  await world.up();
  expect(world.happened).toContain(`login at ${world.listener()}`);
});

test("a login that cannot be is refused before anything is made", async () => {
  const world = await start();
  const wanted = async (): Promise<never> => {
    throw new CommandError("The OIDC issuer does not answer.", { exitCode: 64 });
  };
  const login = { ...world.deps.login, wanted };
  await expect(world.up({ login })).rejects.toMatchObject({ exitCode: 64 });
  await expect(forecastUp(world.changed({ login }), { refreshAmi: false })).rejects.toMatchObject({
    exitCode: 64,
  });
  expect(world.happened).toEqual([]);
  expect(world.terraform.steps).toEqual([]);
});

test("destroy does not ask the issuer", async () => {
  const world = await start();
  const loginEndpoints = async (): Promise<never> => {
    throw new Error("asked");
  };
  await world.up();
  const sources = { ...world.sources, loginEndpoints };
  await tearDown({ ...world.deps, sources });
  expect(world.terraform.exists).toEqual([]);
});
