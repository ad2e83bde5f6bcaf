import { expect, test } from "vitest";
import { monthToDate, refusedSpent, spentOf } from "./spent.ts";

const period = { from: "2026-11-01", to: "2026-11-28" };
const group = (service: string, amount: number, unit = "USD") => ({ service, amount, unit });

test.each([
  ["2026-11-27T23:59:59Z", "2026-11-01", "2026-11-28"],
  ["2026-11-01T00:00:00Z", "2026-11-01", "2026-11-02"],
  ["2026-12-31T12:00:00Z", "2026-12-01", "2027-01-01"],
])("the month until %s", (now, from, to) => {
  expect(monthToDate(new Date(now))).toEqual({ from, to });
});

test("services are sorted, cents are rounded, and what costs nothing is left out", () => {
  const groups = [group("Secrets", 0.001), group("Balancer", 1.239), group("Compute", 12.3049)];
  expect(spentOf(period, groups, "active")).toEqual({
    ...period,
    state: "known",
    usd: 13.54,
    services: [
      { service: "Compute", usd: 12.3 },
      { service: "Balancer", usd: 1.24 },
    ],
    note: null,
  });
});

test.each([
  ["inactive", "inactive", "--activate-tags"],
  ["unseen", "unseen", "up to a day after the first up"],
] as const)("a tag that is %s is no sum of 0 USD", (tag, state, words) => {
  const spent = spentOf(period, [], tag);
  expect(spent).toMatchObject({ state, usd: null });
  expect(spent.note).toContain(words);
});

test("a member of an organisation, which may not ask for the tag, sees sums, and a hint where there are none", () => {
  expect(spentOf(period, [group("Compute", 1)], undefined)).toMatchObject({ usd: 1, note: null });
  expect(spentOf(period, [], undefined).note).toContain(
    "if the tag infer-deploy:stack is not active",
  );
});

test("another currency is not taken for USD", () => {
  const spent = spentOf(period, [group("Compute", 1, "CNY")], "active");
  expect(spent).toMatchObject({ state: "unknown", usd: null });
  expect(spent.note).toContain("CNY");
});

test.each([
  ["DataUnavailableException", "no data", "off", "console"],
  ["AccessDeniedException", "User not enabled for cost explorer access", "off", "console"],
  [
    "AccessDeniedException",
    "User is not authorized to perform: ce:GetCostAndUsage",
    "denied",
    "ce:GetCostAndUsage",
  ],
  ["TimeoutError", "no answer", "unknown", "no answer"],
])("%s (%s) is %s", (code, words, state, note) => {
  const spent = refusedSpent(period, code, words);
  expect(spent).toMatchObject({ state, usd: null, services: [] });
  expect(spent.note).toContain(note);
});
