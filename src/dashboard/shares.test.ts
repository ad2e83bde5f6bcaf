import { expect, test } from "vitest";
import { pageRelease as release, seriesValues } from "../../test/_helpers/page-values.ts";
import { rememberShares, shareChart, type SeenShares } from "./shares.ts";

const range = { start: 600, end: 900, period: 60 };

test("equal weights are one entry, a change begins another, and a pause leaves a gap", () => {
  let seen: readonly SeenShares[] = [];
  const look = (at: number, blue: number, green: number): void => {
    seen = rememberShares(seen, at, { blue, green }, 0);
  };
  look(10, 100, 0);
  look(12, 100, 0);
  look(14, 75, 25);
  look(100, 0, 100);
  expect(seen).toEqual([
    { from: 10, until: 14, shares: { blue: 100, green: 0 } },
    { from: 14, until: 14, shares: { blue: 75, green: 25 } },
    { from: 100, until: 100, shares: { blue: 0, green: 100 } },
  ]);
  expect(rememberShares(seen, 102, { blue: 0, green: 100 }, 50)).toEqual([
    { from: 100, until: 102, shares: { blue: 0, green: 100 } },
  ]);
});

test("weights are shares whatever their sum is, and none without a sum", () => {
  const [first] = rememberShares([], 1, { blue: 1, green: 2 }, 0);
  expect(first?.shares).toEqual({ blue: 33.3, green: 66.7 });
  expect(rememberShares([], 1, { blue: 0, green: 0 }, 0)).toEqual([]);
});

test("before the looks the requests count, and what was seen comes first", () => {
  const values = seriesValues({
    requests_blue: { 600: 30, 780: 1 },
    requests_green: { 600: 10, 780: 1 },
  });
  const seen = [{ from: 770, until: 830, shares: { blue: 0, green: 100 } }];
  const chart = shareChart(seen, values, [], range, 831);
  expect(chart.times).toEqual([600, 660, 720, 770, 830]);
  expect(chart.lines).toEqual([
    { id: "blue", label: "blue", values: [75, null, null, 0, 0] },
    { id: "green", label: "green", values: [25, null, null, 100, 100] },
  ]);
});

test("without requests the history says which colour served, and nothing during a release", () => {
  const releases = [
    release({ release: 3, colour: "blue", began: 840_000, ended: null, outcome: "in-progress" }),
    release({ release: 2, colour: "green", began: 665_000, ended: 725_000 }),
    release({ release: 1, colour: "blue", began: 605_000, ended: 650_000 }),
  ];
  const chart = shareChart([], new Map(), releases, range, 901);
  expect(chart.times).toEqual([600, 660, 720, 780, 840, 900]);
  expect(chart.lines[1]?.values).toEqual([null, 0, null, 100, null, null]);
});

test("a release that failed never served", () => {
  const releases = [
    release({ release: 2, colour: "green", began: 610_000, ended: 620_000, hasServed: false }),
    release({ release: 1, colour: "blue", began: 1, ended: 2 }),
  ];
  const { lines } = shareChart([], new Map(), releases, range, 661);
  expect(lines[0]?.values).toEqual([100, 100]);
});

test("what was seen before the axis begins holds from its start", () => {
  const seen = [{ from: 500, until: 700, shares: { blue: 100, green: 0 } }];
  expect(shareChart(seen, new Map(), [], range, 701).times).toEqual([600, 700]);
});
