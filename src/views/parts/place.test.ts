import { expect, test } from "vitest";
import type { DomainStatus } from "../../domain/domain-status.ts";
import { domainLines } from "./place.ts";

const now = new Date("2026-06-01T12:00:00Z");
const certificate = {
  status: "ISSUED",
  expires: "2026-06-11T12:00:00.000Z",
  days_left: 10,
  problem: null,
  next_try: null,
  next: null,
};
const trouble = {
  problem: "too many new orders recently (rateLimited)",
  next_try: "2026-06-01T12:01:00.000Z",
  next: "wait",
};
const domain: DomainStatus = {
  name: "api.example.com",
  record: "own",
  shared_as: null,
  delegated: true,
  certificate,
  record_to_make: null,
};
const lines = (changes: Partial<DomainStatus>) => domainLines({ ...domain, ...changes }, now);

test("a certificate without trouble is one line", () => {
  expect(lines({})).toEqual([
    "  domain    api.example.com  leads here, certificate for 10 more days",
  ]);
});

test("a renewal that fails says so while the certificate is valid, and what to do", () => {
  expect(lines({ certificate: { ...certificate, ...trouble } })).toEqual([
    "  domain    api.example.com  leads here, certificate for 10 more days, ITS RENEWAL FAILS, next try at 2026-06-01T12:01:00.000Z",
    "  problem   too many new orders recently (rateLimited); wait",
  ]);
});

test("a first certificate waits, and one that is over says since when", () => {
  const none = { ...certificate, ...trouble, status: "waiting", expires: null, days_left: null };
  expect(lines({ certificate: none })[0]).toContain(
    "certificate waiting, next try at 2026-06-01T12:01:00.000Z",
  );
  const expired = { ...certificate, ...trouble, status: "EXPIRED" };
  const over = { ...expired, expires: "2026-06-01T11:00:00.000Z", days_left: -1 };
  expect(lines({ certificate: over })[0]).toContain("certificate EXPIRED 60 min ago");
});

test("a name that leads elsewhere, in a zone elsewhere, gets its record", () => {
  const record_to_make = "api.example.com.  60  A  192.0.2.7";
  expect(lines({ record: "other", record_to_make })[0]).toContain(
    "LEADS ELSEWHERE: make the record api.example.com.  60  A  192.0.2.7, ",
  );
});
