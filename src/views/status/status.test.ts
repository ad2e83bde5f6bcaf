import { describe, expect, test } from "vitest";
import { plan } from "../../../test/_helpers/rollout-plans.ts";
import {
  agent,
  instance,
  release,
  snapshot,
  stackRecord,
} from "../../../test/_helpers/rollout-values.ts";
import type { JournalDocument } from "../../state/journal.ts";
import { statusText } from "./status-text.ts";
import { statusDocument } from "./status.ts";

const good = release({ outcome: "succeeded" });
const journal: JournalDocument = {
  schema_version: 1,
  release: 8,
  plan: plan(),
  step: "bake",
  phase: "begun",
  at: "2026-01-01T00:01:00.000Z",
  outcome: null,
};

test("is healthy only when the address answers with the active version", () => {
  const told = (version: string) =>
    statusDocument(
      stackRecord(),
      snapshot({
        releases: [good],
        address: { answered: true, version, detail: "GET /version answered 200" },
      }),
    ).healthy;
  expect(told("v7")).toBe(true);
  expect(told("v6")).toBe(false);
});

test("a private address that is out of reach is not called broken without a word", () => {
  const address = { answered: false, version: null, detail: "GET /version: ENOTFOUND" };
  const told = (internal: boolean) =>
    statusDocument({ ...stackRecord(), internal }, snapshot({ releases: [good], address })).address;
  expect(told(false)).toBe("GET /version: ENOTFOUND");
  expect(told(true)).toMatch(/^GET \/version: ENOTFOUND; the address is private, /);
});

test("without a version path, a 2xx counts only while every answering instance runs the active release", () => {
  const address = { answered: true, version: null, detail: "GET /healthz answered 200" };
  const serving = instance({ targetHealth: "healthy", agent: agent({ state: "healthy" }) });
  const stale = instance({
    targetHealth: "healthy",
    agent: agent({ state: "healthy", release: 6 }),
  });
  const idle = instance({ colour: "green", targetHealth: "healthy", agent: agent({ release: 6 }) });
  const healthy = (instances: readonly ReturnType<typeof instance>[]) =>
    statusDocument(stackRecord(), snapshot({ releases: [good], address, instances })).healthy;
  expect(healthy([serving, idle])).toBe(true);
  expect(healthy([serving, stale])).toBe(false);
  expect(healthy([])).toBe(false);
});

test("before the first good release nothing is active and nothing is healthy", () => {
  const document = statusDocument(
    stackRecord(),
    snapshot({ releases: [release({ outcome: "failed", reason: "it crashes" })] }),
  );
  expect(document).toMatchObject({
    healthy: false,
    active: null,
    previous: null,
    release: { number: 7, outcome: "failed", reason: "it crashes" },
  });
});

test("the active release is the newest good one of the colour that has the traffic", () => {
  const document = statusDocument(
    stackRecord(),
    snapshot({
      weights: { blue: 0, green: 100 },
      releases: [
        release({ release: 9, deployment: 9, version: "v9", outcome: "failed" }),
        release({ release: 8, version: "v8", colour: "green", outcome: "succeeded" }),
        good,
      ],
      instances: [instance()],
    }),
  );
  expect(document.active).toMatchObject({ colour: "green", version: "v8", weight: 100 });
  expect(document.previous).toMatchObject({ colour: "blue", version: "v7", weight: 0 });
});

test("the previous version is what the idle colour's instances run, not its last good release", () => {
  const releases = [
    release({ release: 9, deployment: 9, version: "v9", outcome: "cancelled" }),
    release({ release: 8, version: "v8", colour: "green", outcome: "succeeded" }),
    good,
  ];
  const previous = (instances: readonly ReturnType<typeof instance>[]) =>
    statusDocument(
      stackRecord(),
      snapshot({ weights: { blue: 0, green: 100 }, releases, instances }),
    ).previous;
  const bad = instance({ agent: agent({ release: 9 }) });
  expect(previous([bad])).toMatchObject({ colour: "blue", version: "v9" });
  expect(previous([instance({ lifecycle: "Terminating" }), bad])).toMatchObject({ version: "v9" });
  expect(previous([])).toBeNull();
  expect(previous([instance({ agent: null })])).toBeNull();
});

describe("while a release is in progress", () => {
  const releases = [
    release({ release: 8, version: "v8", colour: "green" }),
    good,
    release({ release: 6, version: "v6", colour: "green", outcome: "succeeded" }),
  ];
  const status = (green: number, version: string, holder: "alive" | "dead" = "alive") =>
    statusDocument(
      stackRecord(),
      snapshot({
        weights: { blue: 100 - green, green },
        releases,
        instances: [instance()],
        address: { answered: true, version, detail: "GET /version answered 200" },
      }),
      journal,
      { name: "ada@laptop", state: holder },
    );

  test("it becomes the active one when it has more of the traffic", () => {
    expect(status(10, "v7").active).toMatchObject({ version: "v7", weight: 90 });
    expect(status(100, "v8")).toMatchObject({
      healthy: true,
      active: { version: "v8", weight: 100 },
      previous: { version: "v7" },
    });
  });

  test("either version may answer, and no other", () => {
    expect(status(10, "v8").healthy).toBe(true);
    expect(status(10, "v7").healthy).toBe(true);
    expect(status(10, "v6").healthy).toBe(false);
  });

  test("after its process has died, only the active version may answer", () => {
    expect(status(10, "v8", "dead").healthy).toBe(false);
    expect(status(100, "v8", "dead").healthy).toBe(true);
  });
});

test("has exactly the promised keys", () => {
  const document = statusDocument(
    stackRecord(),
    snapshot({ releases: [good], instances: [instance()] }),
  );
  expect(Object.keys(document)).toEqual([
    "schema_version",
    "name",
    "environment",
    "region",
    "url",
    "healthy",
    "active",
    "previous",
    "instances",
    "release",
    "rollout",
    "alarms",
    "paused",
    "moves_to",
    "address",
    "domain",
    "domains",
    "https",
    "secrets",
    "unconfirmed_emails",
    "expires",
    "github_roles",
    "scan",
    "attestations",
    "auth",
    "issuer",
    "open_to",
    "scaling",
    "machine",
  ]);
  expect(Object.keys(document.instances[0] ?? {})).toEqual([
    "id",
    "zone",
    "colour",
    "version",
    "state",
    "target_health",
    "reason",
    "gpus",
  ]);
});

test("the screen says where each domain leads, and how long its certificate lasts", () => {
  const domain = {
    name: "api.example.com",
    record: "other",
    shared_as: null,
    delegated: false,
    certificate: {
      status: "ISSUED",
      expires: "2026-02-01T00:00:00.000Z",
      days_left: 31,
      problem: null,
      next_try: null,
      next: null,
    },
    record_to_make: null,
  } as const;
  const second = {
    ...domain,
    name: "old.example.com",
    record: "own",
    shared_as: "secondary",
    delegated: true,
  } as const;
  const document = statusDocument(stackRecord(), snapshot(), undefined, undefined, [
    domain,
    second,
  ]);
  expect(document).toMatchObject({ domain, domains: [domain, second] });
  expect(statusText(document, new Date("2026-01-01T00:00:00Z"))).toContain(
    "  domain    api.example.com  LEADS ELSEWHERE: infer-deploy up --refresh says what is in the way, NOT DELEGATED to its Route53 zone, certificate for 31 more days\n" +
      "  domain    old.example.com  leads here while the primary has no healthy instance, certificate for 31 more days\n",
  );
});

test("the screen says that a stack without a domain speaks HTTP only", () => {
  const plain = statusDocument(stackRecord(), snapshot());
  expect(plain).toMatchObject({ https: false, domain: null, domains: [] });
  expect(statusText(plain, new Date())).toContain("  https     no: HTTP only; domain and zone");
  const { outputs } = stackRecord();
  const secure = { ...stackRecord(), outputs: { ...outputs, url: "https://api.example.com" } };
  expect(statusText(statusDocument(secure, snapshot()), new Date())).not.toContain("HTTP only");
});
