import { expect, test } from "vitest";
import { plan } from "../../../test/_helpers/rollout-plans.ts";
import { release, snapshot, stackRecord } from "../../../test/_helpers/rollout-values.ts";
import type { JournalDocument } from "../../state/journal.ts";
import { statusDocument } from "../status/status.ts";
import { overviewDocument, overviewExitCode, overviewText, type StackSight } from "./overview.ts";

const now = new Date("2026-01-01T00:01:30.000Z");
const good = release({ outcome: "succeeded" });
const answer = { answered: true, version: "v7", detail: "GET /version answered 200" };
const journal: JournalDocument = {
  schema_version: 1,
  release: 8,
  plan: plan(),
  step: "bake",
  phase: "begun",
  at: "2026-01-01T00:01:00.000Z",
  outcome: null,
};

const paris = seen(
  "paris",
  statusDocument(stackRecord(), snapshot({ releases: [good], address: answer })),
);
const dublin = seen("dublin", {
  ...statusDocument(
    stackRecord(),
    snapshot({
      releases: [good],
      address: { ...answer, answered: false, detail: "GET /version answered 503" },
      alarms: [
        { name: "app-dublin-blue-errors", state: "ALARM", reason: "" },
        { name: "app-dublin-green-errors", state: "OK", reason: "" },
      ],
    }),
    journal,
    { name: "ada@laptop", state: "dead" },
  ),
  expires: "2026-01-02",
  unconfirmed_emails: ["ada@example.com"],
});
const lost: StackSight = {
  environment: "oslo",
  region: "eu-north-1",
  status: null,
  error: {
    message: "app (oslo) is not deployed in eu-north-1.",
    why: null,
    next: "infer-deploy up",
    exit_code: 1,
  },
};

test("one line a stack, and below what is wrong with each", () => {
  const document = overviewDocument("app", [paris, dublin, lost]);
  expect(overviewText(document, now, ["status", "--all", "--sandbox", "two"]).split("\n")).toEqual([
    "app",
    "environment  region      address             version  healthy  in progress  warnings",
    "paris        eu-west-1   http://app.example  v7       yes      -            0",
    "dublin       eu-west-1   http://app.example  v7       NO       v8, bake     5",
    "oslo         eu-north-1  -                   -        UNKNOWN  -            1",
    "",
    "  dublin: NOT HEALTHY: GET /version answered 503",
    `  dublin: release 8 (v8) was interrupted at "bake"; infer-deploy rollback --sandbox two --environment dublin undoes it, the next release repairs it first`,
    "  dublin: alarm app-dublin-blue-errors is on",
    expect.stringMatching(/^ {2}dublin: NOT CONFIRMED: ada@example.com gets no alerts/),
    expect.stringMatching(
      /^ {2}dublin: expires on 2026-01-02, in 1 day: infer-deploy destroy --sandbox two --environment dublin /,
    ),
    "  oslo: app (oslo) is not deployed in eu-north-1; next: infer-deploy up --sandbox two --environment oslo",
    "",
  ]);
});

test("healthy stacks need no more than their lines", () => {
  const document = overviewDocument("app", [paris]);
  expect(overviewText(document, now, ["status", "--all"]).split("\n")).toHaveLength(4);
  expect(document).toMatchObject({ schema_version: 1, healthy: true });
  expect(overviewExitCode(document)).toBe(0);
});

test("a domain that leads elsewhere is a warning", () => {
  const domain = {
    name: "api.example.com",
    record: "other",
    shared_as: null,
    delegated: false,
    certificate: null,
    record_to_make: null,
  } as const;
  const stack = seen("paris", { ...shown(paris), domains: [domain] });
  const text = overviewText(overviewDocument("app", [stack]), now, ["status", "--all"]);
  expect(text).toContain("paris: api.example.com LEADS ELSEWHERE");
  expect(text).toContain("paris: api.example.com is NOT DELEGATED");
});

test("the exit code is the worst one", () => {
  const code = (...stacks: readonly StackSight[]) =>
    overviewExitCode(overviewDocument("app", stacks));
  expect(code(paris, dublin)).toBe(1);
  expect(code(paris, lost)).toBe(1);
  const denied = { ...lost, error: { message: "no", why: null, next: null, exit_code: 64 } };
  expect(code(dublin, denied, paris)).toBe(64);
});

function seen(environment: string, status: NonNullable<StackSight["status"]>): StackSight {
  return { environment, region: status.region, status, error: null };
}

function shown({ status }: StackSight): NonNullable<StackSight["status"]> {
  if (status === null) throw new Error("it has none");
  return status;
}
