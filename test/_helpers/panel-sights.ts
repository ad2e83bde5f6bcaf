import { emptyPanel, reducePanel, type PanelModel } from "../../src/report/panel/model.ts";
import type { Screen } from "../../src/report/panel/pieces.ts";
import type { ReportEvent } from "../../src/report/reporter.ts";
import type { InstanceSight, ProbeSight, ServiceSight } from "../../src/report/sights.ts";

/** The moment of all of them. */
export const now = Date.parse("2026-01-01T00:01:00.000Z");

export function screen(columns: number, changes: Partial<Screen> = {}): Screen {
  return { columns, rows: 24, hasColour: false, hasUnicode: true, ...changes };
}

export function modelOf(...events: readonly ReportEvent[]): PanelModel {
  return events.reduce(reducePanel, emptyPanel);
}

export function instanceSight(changes: Partial<InstanceSight> = {}): InstanceSight {
  return {
    id: "i-0123456789abcdef0",
    colour: "blue",
    version: "v1",
    state: "healthy",
    mood: "good",
    ...changes,
  };
}

export function probeSight(changes: Partial<ProbeSight> = {}): ProbeSight {
  return {
    at: now - 1000,
    good: true,
    milliseconds: 12,
    detail: "POST /v1/embeddings answered 200",
    ...changes,
  };
}

/** A canary in its first stage: 25 % of the traffic, 12 of 30 s watched. */
export function serviceSight(changes: Partial<ServiceSight> = {}): ServiceSight {
  return {
    at: now,
    facts: [],
    colours: [
      { colour: "blue", version: "v1", weight: 75 },
      { colour: "green", version: "v2", weight: 25 },
    ],
    instances: [
      instanceSight(),
      instanceSight({ id: "i-0fedcba9876543210", colour: "green", version: "v2" }),
    ],
    alarms: { watched: 6, on: [], canBeRead: true },
    probes: [probeSight(), probeSight({ milliseconds: 40 })],
    stage: {
      share: { number: 1, of: 2 },
      began: now - 12_000,
      ends: now + 18_000,
      deadline: now + 600_000,
      undone: "rolled back",
      trouble: null,
    },
    ...changes,
  };
}
