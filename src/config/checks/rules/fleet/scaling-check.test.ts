import { expect, test } from "vitest";
import { parseConfig } from "../../../parse.ts";
import { formatProblems } from "../../problem.ts";

const base = "name: a\nregion: eu-central-1\ninstances: { min: 1, max: 4 }\n";

function problemsOf(scaling: string): string {
  const parsed = parseConfig({
    text: `${base}scaling: ${scaling}\n`,
    file: "f.yml",
    overrides: {},
  });
  return "problems" in parsed ? formatProblems(parsed.problems).join("\n") : "";
}

test.each([
  ["{ metric: cpu }", /^f\.yml:4:\d+ {2}scaling\..*the metric cpu without a target.*such as 60/],
  ["{ metric: cpu, target: 600 }", /scaling\.target.*600 with the metric cpu.*at most 100/],
  ["{ metric: luck, target: 1 }", /scaling\.metric.*"luck".*requests, cpu or series$/],
  [
    "{ metric: gpu, target: 60 }",
    /f\.yml:4:\d+ .*scaling\.metric.*"gpu".*no figure of the GPU's use.*publish a series/,
  ],
  [
    "{ metric: series, target: 4 }\nmetrics: { series: [queue_texts] }",
    /scaling\..*the metric series without a name.*scaling\.series: queue_texts\?/,
  ],
  ["{ series: queue_texts, target: 4 }", /scaling\.series.*"queue_texts", which metrics\.series/],
  [
    "{ series: queue_text, target: 4 }\nmetrics: { series: [running, queue_texts] }",
    /f\.yml:4:\d+ .*"queue_text", which metrics\.series.*queue_texts\?/,
  ],
  [
    "{ metric: cpu, series: queue_texts, target: 4 }\nmetrics: { series: [queue_texts] }",
    /scaling\.series.*"queue_texts" with the metric cpu/,
  ],
  [
    "{ series: queue_texts }\nmetrics: { series: [queue_texts] }",
    /scaling\.target.*the metric series without a target.*as an average over the instances/,
  ],
  ["{ target: 0 }", /scaling\.target.*a number from 0\.01/],
  [
    "{ schedules: [{ cron: every day, min: 2 }] }",
    /schedules\[0\]\.cron.*"every day", no cron.*such as 0 8/,
  ],
  [
    "{ schedules: [{ cron: 0 0 31 2 *, min: 2 }] }",
    /f\.yml:4:\d+ .*"0 0 31 2 \*", a time that never comes/,
  ],
  ["{ schedules: [{ min: 2 }] }", /schedules\[0\]\.cron.*found nothing.*or at, for/],
  [
    "{ schedules: [{ cron: 0 8 * * *, at: 2026-12-24 08:00, min: 2 }] }",
    /schedules\[0\]\.(at|cron).*found at "2026-12-24 08:00" with cron "0 8 \* \* \*"/,
  ],
  [
    "{ schedules: [{ at: 2026-02-30 08:00, min: 2 }] }",
    /f\.yml:4:\d+ .*schedules\[0\]\.at.*"2026-02-30 08:00".*clocks of its zone show/,
  ],
  [
    "{ schedules: [{ at: 2026-03-29 02:30, time_zone: Europe/Berlin, min: 2 }] }",
    /schedules\[0\]\.at.*"2026-03-29 02:30"/,
  ],
  [
    "{ schedules: [{ cron: 0 8 * * *, time_zone: Europe/Berln, min: 2 }] }",
    /time_zone.*"Europe\/Berln".*Europe\/Berlin\?/,
  ],
  [
    "{ schedules: [{ cron: 0 8 * * *, min: 5 }] }",
    /schedules\[0\]\.min.*min 5 with instances\.max 4/,
  ],
  ["{ schedules: [{ cron: 0 8 * * * }] }", /schedules\[0\]\.min.*found nothing/],
])("%s is refused with its line and what would be right", (scaling, words) => {
  expect(problemsOf(scaling)).toMatch(words);
});

test("a series that instances publish is the metric", () => {
  expect(problemsOf("{ series: queue_texts, target: 4 }\nmetrics: { series: [queue_texts] }")).toBe(
    "",
  );
});

test("a policy and schedules in a zone are fine", () => {
  const schedules =
    "[{ cron: 0 8 * * 1-5, time_zone: Europe/Berlin, min: 3 }, { cron: 0 20 * * *, min: 1 }, { at: 2026-12-24 08:00, time_zone: Europe/Berlin, min: 4 }]";
  expect(problemsOf(`{ target: 600, schedules: ${schedules} }`)).toBe("");
});
