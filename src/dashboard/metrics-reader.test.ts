import { expect, test } from "vitest";
import { seriesValues } from "../../test/_helpers/page-values.ts";
import { createMetricsReader } from "./metrics-reader.ts";

const values = seriesValues({ p99: { 60: 1 } });

test("CloudWatch is asked twice a minute, for periods that are over", async () => {
  const asked: unknown[] = [];
  const read = createMetricsReader(600, async (range) => {
    asked.push(range);
    return values;
  });
  for (const now of [6005, 6007, 6034, 6035, 6037]) expect((await read(now)).values).toBe(values);
  expect(asked).toEqual([
    { start: 5400, end: 6000, period: 60 },
    { start: 5400, end: 6000, period: 60 },
  ]);
  expect((await read(6061)).range).toEqual({ start: 5460, end: 6060, period: 60 });
});

test("while it does not answer, the last values stay, with a warning", async () => {
  let isAllowed = true;
  const read = createMetricsReader(600, async () => {
    if (isAllowed) return values;
    throw new Error("not authorized");
  });
  expect((await read(6000)).warnings).toEqual([]);
  isAllowed = false;
  const failed = await read(6030);
  expect(failed.values).toBe(values);
  expect(failed.warnings).toEqual([expect.stringContaining("not authorized")]);
  expect((await read(6032)).warnings).toEqual(failed.warnings);
  isAllowed = true;
  expect((await read(6060)).warnings).toEqual([]);
});
