import { expect, test } from "vitest";
import { fakeClock } from "../../../test/_helpers/fake-clock.ts";
import type { TrialContainer } from "./container-argv.ts";
import { tryImage, type Trial } from "./try-image.ts";

/** An app in a container: what it does with what it was started with, at a second of its life. */
type App = (
  started: TrialContainer,
  second: number,
) => {
  /** Port -> path -> status. */
  readonly serves?: Readonly<Record<number, Readonly<Record<string, number>>>>;
  readonly inside?: readonly number[];
  readonly ends?: string;
};

async function trial(
  app: App,
  { ports = [] as readonly number[], env = {} } = {},
): Promise<Trial & { readonly starts: readonly TrialContainer[] }> {
  const clock = fakeClock();
  const starts: TrialContainer[] = [];
  let removed = 0;
  let now: () => ReturnType<App> = () => ({});
  const result = await tryImage(
    {
      clock,
      reporter: { notify: () => undefined },
      signal: new AbortController().signal,
      ask: async (port, path) =>
        now().serves?.[port]?.[path] ?? (now().serves?.[port] ? 404 : null),
      start: async (container) => {
        const born = clock.now().getTime();
        starts.push(container);
        now = () => app(container, (clock.now().getTime() - born) / 1000);
        return {
          look: async () => ({
            isRunning: now().ends === undefined,
            exitCode: 1,
            ports: new Map(container.published.map((port) => [port, port])),
          }),
          listening: async () => ({
            open: Object.keys(now().serves ?? {}).map(Number),
            inside: now().inside ?? [],
          }),
          log: async () => now().ends ?? "",
          remove: async () => {
            removed += 1;
          },
        };
      },
    },
    {
      name: "trial",
      image: "sha256:1",
      facts: { ports, env, user: null, healthPath: null, openArgs: [], sources: [] },
      home: "/root",
      paths: ["/healthz", "/health", "/"],
    },
  );
  expect(removed).toBe(starts.length);
  return { ...result, starts };
}

test("the first path that answers 200, on the exposed port", async () => {
  const seen = await trial(() => ({ serves: { 8000: { "/health": 200, "/": 200 } } }), {
    ports: [8000],
  });
  expect(seen).toMatchObject({ port: 8000, path: "/health", problems: [] });
  expect(seen.starts).toMatchObject([{ port: 8000, published: [8000], isLoose: false }]);
});

test("a path that answers 503 is waited for, although / answers", async () => {
  const seen = await trial((_, second) => ({
    serves: { 8080: { "/healthz": second < 40 ? 503 : 200, "/": 200 } },
  }));
  expect(seen).toMatchObject({ path: "/healthz" });
  expect(seen.seconds).toBeGreaterThanOrEqual(40);
});

test("a port that is not exposed is published, and asked", async () => {
  const seen = await trial(() => ({ serves: { 5000: { "/healthz": 200 } } }));
  expect(seen).toMatchObject({ port: 5000, path: "/healthz" });
  expect(seen.starts.map(({ published }) => published)).toEqual([[8080], [8080, 5000]]);
});

test("the port with a health path comes before one that answers everything", async () => {
  const all = { "/healthz": 200, "/": 200, "/infer-deploy-init-no-such-path": 200 };
  const seen = await trial(
    (_, second) => ({
      serves: second < 3 ? { 9090: all } : { 9090: all, 8000: { "/health": 200 } },
    }),
    { ports: [9090, 8000] },
  );
  expect(seen).toMatchObject({ port: 8000, path: "/health", otherPorts: [9090] });
});

test("a folder that it may not write to moves to /tmp", async () => {
  const seen = await trial(
    ({ env }) =>
      env["CACHE"] === "/tmp"
        ? { serves: { 8000: { "/healthz": 200 } } }
        : { ends: "Read-only file system: '/data/x'" },
    { ports: [8000], env: { CACHE: "/data" } },
  );
  expect(seen).toMatchObject({ path: "/healthz", problems: [], env: [{ name: "CACHE" }] });
});

test("what cannot be helped is a problem, and the port is found without the limits", async () => {
  const seen = await trial(
    ({ isLoose }) =>
      isLoose
        ? { serves: { 80: { "/": 200 } } }
        : { ends: "chown: /var/lib/nginx: Operation not permitted" },
    { ports: [80] },
  );
  expect(seen).toMatchObject({ port: 80, path: "/", env: [] });
  expect(seen.problems).toEqual([expect.stringContaining("Set USER in the Dockerfile")]);
});

test.each([
  [{ ends: "Traceback\nno model" }, "exit code 1: no model"],
  [{ inside: [8000] }, "8000 of 127.0.0.1 only"],
  [{ serves: { 8080: { "/x": 200 } } }, "/healthz 404, /health 404, / 404"],
  [{}, "It listened on no port"],
])("%j ends with a sentence", async (state, text) => {
  const seen = await trial(() => state);
  expect(seen.path).toBeNull();
  expect(seen.problems.at(-1)).toContain(text);
});
