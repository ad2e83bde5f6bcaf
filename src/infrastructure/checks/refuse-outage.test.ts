import { expect, test } from "vitest";
import { wantedLogin } from "../../../test/_helpers/infrastructure-world.ts";
import { release } from "../../../test/_helpers/rollout-values.ts";
import { refuseOutage } from "./refuse-outage.ts";

const stack = { outputs: { url: "http://app.example" } };

/** An app that answers on some paths, and records the requests. */
function app(...paths: readonly string[]) {
  const asked: string[] = [];
  const fetcher: typeof fetch = async (input) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    asked.push(pathname);
    return new Response("", { status: paths.includes(pathname) ? 200 : 404 });
  };
  return { asked, fetcher };
}

function wanted(path: string, port = 8080) {
  return {
    image: {
      context: ".",
      dockerfile: "D",
      buildArgs: {},
      port,
      platform: "linux/amd64",
      attest: "auto",
      ref: null,
      excess: [],
      target: null,
      secrets: [],
    },
    health: {
      path,
      codes: null,
      intervalSeconds: 5,
      timeoutSeconds: 60,
      unhealthyThreshold: 6,
      drainSeconds: 10,
      failFast: true,
    },
    requests: { timeoutSeconds: 60, protocol: "http1" },
  } as const;
}

test("no request is sent while path and port match the serving release", async () => {
  const { asked, fetcher } = app();
  await refuseOutage(fetcher, wanted("/healthz"), stack, release());
  expect(asked).toEqual([]);
});

test("a path on which the serving release does not answer is refused, with the steps to change it", async () => {
  const { fetcher } = app("/healthz");
  await expect(refuseOutage(fetcher, wanted("/ready"), stack, release())).rejects.toMatchObject({
    exitCode: 64,
    message: "The serving version v7 is not healthy on /ready.",
    why: expect.stringContaining("GET /ready answered 404") as string,
    next: expect.stringContaining("release a version that answers on both paths") as string,
  });
});

test("a path on which it answers is accepted", async () => {
  const { asked, fetcher } = app("/healthz", "/ready");
  await refuseOutage(fetcher, wanted("/ready"), stack, release());
  expect(asked).toEqual(["/ready"]);
});

test("another port is always refused", async () => {
  const { fetcher } = app("/healthz");
  await expect(
    refuseOutage(fetcher, wanted("/healthz", 9000), stack, release()),
  ).rejects.toMatchObject({
    exitCode: 64,
    next: expect.stringContaining("back to 8080") as string,
  });
});

test("another protocol is always refused", async () => {
  const { asked, fetcher } = app("/healthz");
  const requests = { timeoutSeconds: 60, protocol: "grpc" } as const;
  await expect(
    refuseOutage(fetcher, { ...wanted("/healthz"), requests }, stack, release()),
  ).rejects.toMatchObject({
    exitCode: 64,
    why: expect.stringContaining("version v7 speaks http1") as string,
    next: expect.stringContaining("set requests.protocol back to http1") as string,
  });
  expect(asked).toEqual([]);
});

test("with a login no path can be tried, so none is accepted", async () => {
  const { asked, fetcher } = app("/healthz", "/ready");
  const login = { ...wantedLogin, listener_arn: "arn" };
  await expect(
    refuseOutage(fetcher, wanted("/ready"), { ...stack, login }, release()),
  ).rejects.toMatchObject({
    exitCode: 64,
    next: expect.stringContaining("set health.path back to /healthz") as string,
  });
  expect(asked).toEqual([]);
  await refuseOutage(fetcher, wanted("/healthz"), { ...stack, login }, release());
});
