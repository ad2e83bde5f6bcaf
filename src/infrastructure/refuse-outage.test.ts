import { expect, test } from "vitest";
import { release } from "../../test/_helpers/rollout-values.ts";
import { refuseOutage } from "./refuse-outage.ts";

const url = "http://app.example";

/** An app that answers on some paths, and remembers what it was asked. */
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
    image: { context: ".", dockerfile: "D", buildArgs: {}, port, platform: "linux/amd64" },
    health: { path, intervalSeconds: 5, timeoutSeconds: 60, drainSeconds: 10, failFast: true },
  } as const;
}

test("nothing is asked while path and port are those of the release that serves", async () => {
  const { asked, fetcher } = app();
  await refuseOutage(fetcher, wanted("/healthz"), url, release());
  expect(asked).toEqual([]);
});

test("a path on which the serving release does not answer is refused, with the way to it", async () => {
  const { fetcher } = app("/healthz");
  await expect(refuseOutage(fetcher, wanted("/ready"), url, release())).rejects.toMatchObject({
    exitCode: 64,
    message: "Version v7 serves and is not healthy on /ready.",
    why: expect.stringContaining("GET /ready answered 404") as string,
    next: expect.stringContaining("release a version that answers on both paths") as string,
  });
});

test("a path on which it answers is taken", async () => {
  const { asked, fetcher } = app("/healthz", "/ready");
  await refuseOutage(fetcher, wanted("/ready"), url, release());
  expect(asked).toEqual(["/ready"]);
});

test("another port is refused, whatever answers", async () => {
  const { fetcher } = app("/healthz");
  await expect(
    refuseOutage(fetcher, wanted("/healthz", 9000), url, release()),
  ).rejects.toMatchObject({
    exitCode: 64,
    next: expect.stringContaining("back to 8080") as string,
  });
});
