import { expect, test } from "vitest";
import { pauseWorld } from "../../../test/_helpers/pause-world.ts";
import { releaseSession } from "../../../test/_helpers/release-session.ts";
import { address } from "../../../test/_helpers/release-world.ts";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import { releaseVersion } from "../release.ts";
import { beginMaintenance, restAgain } from "./maintenance.ts";
import { rememberToken, withoutPause, withPass } from "./pass.ts";
import { refusePaused } from "./refuse-paused.ts";

const login = {
  listener_arn: "arn:listener",
  issuer: "https://login.example.com",
  authorization_endpoint: "https://login.example.com/auth",
  token_endpoint: "https://login.example.com/token",
  user_info_endpoint: "https://login.example.com/me",
  client_id: "demo",
  scope: "openid",
  session_seconds: 60,
  secret_version: "v-1",
};

test("a release in maintenance is judged by the service, although its alarm is on and users get the message", async () => {
  const world = releaseSession();
  const { session, stack } = world;
  const pausing = { ...session, address };
  await beginMaintenance(pausing, { message: "later", retryAfterSeconds: 60 });
  const { unanswered } = stackRecord().outputs.alarm_names.load_balancer;
  stack.alarmsOn.add(unanswered);
  const token = rememberToken(session.store);
  const passing = {
    ...session,
    fetch: withPass(session.fetch, token),
    alarms: withoutPause(session.alarms, unanswered, token),
  };
  const request = { version: "v8", fromImage: undefined, build: false, buildArgs: {} };
  const release = async (deps: typeof session) =>
    releaseVersion(deps, request, world.intent, { record: undefined }, () => undefined);
  await expect(release(session)).rejects.toThrow();
  expect((await release(passing)).record).toMatchObject({ version: "v8", outcome: "succeeded" });
  expect(stack.pause?.body).toContain("later");
});

test("policies rest in maintenance, and rest again after a release has let them act", async () => {
  const world = pauseWorld();
  const { stack } = world;
  await world.run("maintenance on");
  expect(stack.scaling.blue).toBe(false);
  stack.scaling.blue = true;
  await restAgain(world.depsWith());
  expect(stack.scaling.blue).toBe(false);
  await world.run("maintenance off");
  expect(stack.scaling.blue).toBe(true);
  await restAgain(world.depsWith());
  expect(stack.scaling.blue).toBe(true);
  const broken = { ...world.depsWith(), reporter: world.reporter };
  await restAgain({
    ...broken,
    store: { ...broken.store, get: async () => Promise.reject(new Error("away")) },
  });
  expect(world.reporter.warnings()).toEqual([
    "scaling policies may act during the pause: Error: away",
  ]);
});

test("a token that could not be read is read again, and without a pause none is sent", async () => {
  const world = pauseWorld();
  let fails = true;
  const store = {
    get: async (key: string) => {
      if (fails) throw new Error("S3 is away");
      return world.depsWith().store.get(key);
    },
  };
  const token = rememberToken(store);
  const sent: unknown[] = [];
  const fetcher = (async (_url, init) => {
    sent.push(init?.headers);
    return new Response("");
  }) as typeof fetch;
  await expect(withPass(fetcher, token)("http://a")).rejects.toThrow("S3 is away");
  fails = false;
  await withPass(fetcher, token)("http://a", { headers: { a: "1" } });
  await world.run("maintenance on");
  await withPass(fetcher, rememberToken(store))("http://a", { headers: { a: "1" } });
  expect(sent).toEqual([{ a: "1" }, { a: "1", "x-infer-deploy-pass": "a-token-of-a-pause" }]);
});

test("a release is refused asleep, and in maintenance before a login only", async () => {
  const world = pauseWorld();
  const { store } = world.depsWith();
  const stack = stackRecord();
  await refusePaused(store, { ...stack, login });
  await world.run("maintenance on");
  await refusePaused(store, stack);
  await expect(refusePaused(store, { ...stack, login })).rejects.toMatchObject({
    message: "app (production) is in maintenance.",
    next: "infer-deploy maintenance off",
  });
  await world.run("sleep");
  await expect(refusePaused(store, stack)).rejects.toMatchObject({
    exitCode: 1,
    message: "app (production) is asleep.",
    next: "infer-deploy wake",
  });
});
