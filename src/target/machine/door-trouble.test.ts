import { expect, test } from "vitest";
import type { DoorReport } from "../../state/reports/door-report.ts";
import { doorTrouble } from "./door-trouble.ts";

const slot = { state: "healthy", reason: "", in_flight: 0 };
const certificate: NonNullable<DoorReport["certificate"]> = {
  domains: ["api.example.com"],
  state: "valid",
  not_after: "2026-09-01T00:00:00Z",
  serial: "1f",
  next_try: null,
  problem: "",
};
const report: DoorReport = {
  schema_version: 1,
  instance: "i-1",
  zone: "eu-west-1a",
  at: "2026-06-01T00:00:00Z",
  generation: 1,
  problem: "",
  slots: { blue: slot, green: slot },
  certificate,
};
const find = (changes: Partial<DoorReport>) => doorTrouble({ ...report, ...changes }, "192.0.2.7");

test("a machine that serves has none, also while a renewal fails", () => {
  expect(find({})).toBeUndefined();
  expect(find({ certificate: { ...certificate, problem: "HTTP 503" } })).toBeUndefined();
  expect(find({ certificate: null })).toBeUndefined();
});

test("a certificate that does not come says why, and when it is tried again", () => {
  const problem = "HTTP 429 urn:ietf:params:acme:error:rateLimited - too many new orders";
  const next_try = "2026-06-01T00:01:00Z";
  const waiting = { ...certificate, not_after: null, state: "waiting", next_try, problem } as const;
  expect(find({ certificate: waiting })).toEqual({
    cause:
      "its certificate is waiting, next try at 2026-06-01T00:01:00Z: too many new orders (rateLimited)",
    next: expect.stringMatching(/^wait/),
  });
  const over = { ...certificate, state: "waiting" } as const;
  expect(find({ certificate: over })?.cause).toBe("its certificate is over");
});

test("a clock that is off, and a full disk, have their next steps", () => {
  const clock = "The machine's clock is 3 days behind AWS's.";
  expect(find({ problem: clock })).toEqual({
    cause: clock,
    next: expect.stringMatching(/^end the instance i-1, /),
  });
  expect(find({ problem: "[Errno 28] No space left on device" })?.next).toContain("instances.disk");
});
