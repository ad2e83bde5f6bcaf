import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
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

function draw(sight: ServiceSight, on: Screen, detail: string): readonly string[] {
  const step = { id: "bake", title: detail, detail, started: now };
  return panelLines(modelOf({ type: "service-seen", sight }), [step], on, now, 2);
}

test("no line is ever longer than the screen, whatever the words are", () => {
  const words = fc.oneof(
    fc.string({ maxLength: 80 }),
    fc.string({ unit: "grapheme", maxLength: 60 }),
  );
  fc.assert(
    fc.property(
      words,
      words,
      fc.integer({ min: 20, max: 220 }),
      fc.boolean(),
      (one, two, columns, hasUnicode) => {
        const sight = serviceSight({
          facts: [{ label: "address", text: two, mood: "bad" }],
          colours: [{ colour: "green", version: one, weight: 33 }],
          instances: [
            instanceSight({ version: two, state: one, mood: "bad" }),
            instanceSight({ id: two }),
          ],
          probes: [probeSight({ good: false, detail: one })],
          alarms: { watched: 1, on: [{ name: two, expected: false }], canBeRead: true },
        });
        for (const line of draw(sight, screen(columns, { hasUnicode }), two)) {
          expect(stringWidth(line)).toBeLessThanOrEqual(columns);
          // oxlint-disable-next-line no-control-regex -- nothing may move the cursor
          expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        }
      },
    ),
    { numRuns: 300 },
  );
});
