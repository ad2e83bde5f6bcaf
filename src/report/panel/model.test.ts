import { expect, test } from "vitest";
import { modelOf, now, probeSight, serviceSight } from "../../../test/_helpers/panel-sights.ts";
import { isEmpty } from "./model.ts";

const resources = { total: 9, completed: 2, pending: [], failed: [], silentSeconds: 0 };

test("what is not a sight draws nothing", () => {
  const model = modelOf(
    { type: "step-started", step: "build", title: "Build the image" },
    { type: "note", text: "a note" },
    { type: "step-finished", step: "build", outcome: "done" },
  );
  expect(isEmpty(model)).toBe(true);
});

test("the picture of resources ends with its own step, not with another one's", () => {
  const seen = { type: "resources-seen", step: "apply", sight: resources } as const;
  const others = { type: "step-finished", step: "build", outcome: "done" } as const;
  const own = { type: "step-finished", step: "apply", outcome: "failed" } as const;
  expect(modelOf(seen, others).resources).toEqual({ step: "apply", sight: resources });
  expect(isEmpty(modelOf(seen, others, own))).toBe(true);
});

test("probes are counted over all sights, and the last failure stays when good answers follow", () => {
  const failure = probeSight({ good: false, at: now - 500, detail: "GET / answered 503" });
  const { service } = modelOf(
    { type: "service-seen", sight: serviceSight({ probes: [probeSight(), failure] }) },
    { type: "service-seen", sight: serviceSight({ probes: [] }) },
    { type: "service-seen", sight: serviceSight({ probes: [probeSight()] }) },
  );
  expect(service).toMatchObject({ asked: 3, failed: 1, lastFailure: failure });
  expect(service?.probes.map(({ good }) => good)).toEqual([true, false, true]);
});

test("a long watch keeps a bounded number of probes", () => {
  const sight = serviceSight({ probes: Array.from({ length: 250 }, () => probeSight()) });
  const seen = { type: "service-seen", sight } as const;
  const { service } = modelOf(seen, seen, seen);
  expect(service?.asked).toBe(750);
  expect(service?.probes).toHaveLength(300);
});

test("the next release counts from zero", () => {
  const seen = { type: "service-seen", sight: serviceSight() } as const;
  expect(isEmpty(modelOf(seen, { type: "service-left" }))).toBe(true);
  expect(modelOf(seen, { type: "service-left" }, seen).service?.asked).toBe(2);
});
