import { stripVTControlCharacters } from "node:util";
import stringWidth from "string-width";
import { describe, expect, test } from "vitest";
import {
  instanceSight,
  modelOf,
  now,
  probeSight,
  screen,
  serviceSight,
} from "../../../test/_helpers/panel-sights.ts";
import type { ServiceSight } from "../sights.ts";
import { panelLines } from "./lines.ts";
import type { Screen } from "./pieces.ts";

const step = {
  id: "shift-25",
  title: "Give v2 25 % of the traffic, watch it for 30 s",
  detail: "12 s of 30 s, POST /v1/embeddings answered 200",
  started: now - 12_000,
};

function draw(sight: ServiceSight, on: Screen, detail = step.detail): readonly string[] {
  return panelLines(
    modelOf({ type: "service-seen", sight }),
    [{ ...step, detail }],
    on,
    now,
    2,
  ).map((line) => line.trimEnd());
}

const crashed = instanceSight({
  id: "i-0aaaaaaaaaaaaaaaa",
  colour: "green",
  version: "v2",
  mood: "bad",
  state: "crashed: exit code 1, the model file /models/x.onnx is not there",
});
const trouble = serviceSight({
  instances: [instanceSight(), crashed],
  alarms: {
    watched: 6,
    on: [
      { name: "app-production-green-errors", expected: false },
      { name: "app-production-green-unhealthy", expected: true },
    ],
    canBeRead: true,
  },
  probes: [probeSight(), probeSight({ good: false, detail: "POST / answered 503 instead of 200" })],
});

describe("a release", () => {
  test("at 80 columns: traffic, instances, probes, alarms, and the time left", () => {
    expect(draw(serviceSight(), screen(79))).toEqual([
      "⠹ Give v2 25 % of the traffic, watch it for 30 s  12 s",
      "  traffic   blue   v1  ██████████████████████████████░░░░░░░░░░  75 %",
      "            green  v2  ██████████░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  25 %",
      "  instances ✔ i-0123456789abcdef0 blue  v1 healthy",
      "            ✔ i-0fedcba9876543210 green v2 healthy",
      "  probe     ▂▇  40 ms, 2 good",
      "  alarms    none of 6 on",
      "  stage     ████████████████░░░░░░░░░░░░░░░░░░░░░░░░  1 of 2, 18 s left",
      "            rolled back unless done in 10 min",
    ]);
  });

  test("at 40 columns it has the same facts, in shorter bars and more lines", () => {
    expect(draw(serviceSight(), screen(39))).toEqual([
      "⠹ Give v2 25 % of the traffic,  12 s",
      "  watch it for 30 s",
      "  traffic   blue   v1  ███████▌░░  75 %",
      "            green  v2  ██▌░░░░░░░  25 %",
      "  instances ✔ i-0…def0 blue  healthy",
      "            ✔ i-0…3210 green healthy",
      "  probe     ▂▇  40 ms, 2 good",
      "  alarms    none of 6 on",
      "  stage     ███▎░░░░  1 of 2, 18 s left",
      "            rolled back unless done in",
      "            10 min",
    ]);
  });

  test("at 200 columns the bars have a longest length", () => {
    const widths = draw(serviceSight(), screen(199)).map((line) => stringWidth(line));
    expect(Math.max(...widths)).toBeLessThan(90);
  });

  test.each([39, 79, 199])("at %i columns failures are marked and told whole", (columns) => {
    const drawn = draw(trouble, screen(columns));
    const words = drawn.join(" ").replaceAll(/\s+/g, " ");
    expect(words).toContain("crashed: exit code 1, the model file /models/x.onnx is not there");
    expect(words).toMatch(/1 of 2 failed 1 s ago: POST \/ answered 503 instead of 200/);
    expect(words).toMatch(/1 of 6 ON, 1 on while instances start app-production-green-errors/);
    expect(drawn.find((line) => line.includes("instances"))).toContain("✖");
    expect(drawn.find((line) => line.includes("probe "))).toContain(columns > 50 ? "✖" : "failed");
  });

  test("without UTF-8 there is ASCII only, and what failed has a mark too", () => {
    const drawn = draw(trouble, screen(79, { hasUnicode: false }));
    expect(drawn.join("")).toMatch(/^[ -~]*$/);
    expect(drawn).toContain("  instances X i-0aaaaaaaaaaaaaaaa green v2");
    expect(drawn.find((line) => line.includes("probe "))).toContain(".X");
    expect(drawn).toContain(
      "  traffic   blue   v1  ##############################----------  75 %",
    );
  });

  test("colours change no letter", () => {
    const plain = draw(trouble, screen(79));
    const coloured = draw(trouble, screen(79, { hasColour: true }));
    expect(coloured.join("")).toContain("\u001b[31m");
    expect(plain.join("")).not.toContain("\u001b");
    expect(coloured.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(plain);
  });

  test("a window of few rows keeps what failed and leaves out instances that are well", () => {
    const instances = [...Array.from({ length: 30 }, () => instanceSight()), crashed];
    const drawn = draw({ ...trouble, instances }, screen(79, { rows: 20 }));
    expect(drawn.length).toBeLessThan(20);
    expect(drawn.join("\n")).toContain("crashed: exit code 1");
    expect(drawn.join("\n")).toMatch(/and \d+ more: \d+ healthy/);
  });

  test("more failing instances than rows are counted as such", () => {
    const instances = Array.from({ length: 30 }, () => crashed);
    expect(draw({ ...trouble, instances }, screen(79)).join("\n")).toMatch(
      /and \d+ more: \d+ failing/,
    );
  });

  test("on its way back it says why, and no longer when", () => {
    const stage = {
      share: null,
      began: now,
      ends: null,
      deadline: null,
      undone: "rolled back" as const,
      trouble: "3 of the last 10 probes failed",
    };
    const drawn = draw(serviceSight({ stage }), screen(79));
    expect(drawn).toContain("  because   3 of the last 10 probes failed");
    expect(drawn.join("\n")).not.toMatch(/left|unless/);
  });

  test("what cannot be read is said, not drawn as nothing", () => {
    const sight = serviceSight({
      instances: null,
      colours: [{ colour: "blue", version: "v1", weight: null }],
      alarms: { watched: 6, on: [], canBeRead: false },
    });
    expect(draw(sight, screen(79)).join("\n")).toMatch(
      /cannot be read now\n.*they cannot be seen now\n[^]*alarms    they cannot be read now/,
    );
  });

  test("a step's words are left out only where the picture says them", () => {
    const waiting = "1 of 2 targets healthy; a launch failed: no capacity; i-01234567… pulling 3 %";
    expect(draw(serviceSight({ probes: [] }), screen(79), waiting)[1]).toBe(
      "  1 of 2 targets healthy; a launch failed: no capacity",
    );
    const alarm = "waiting until an alarm is off: the alarm errors went off";
    expect(draw(serviceSight(), screen(79), alarm)[1]).toBe(`  ${alarm}`);
  });
});
