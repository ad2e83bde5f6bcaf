import { expect, test } from "vitest";
import { conditionsText } from "./conditions-text.ts";

const boot = { name: "slow-boot", summary: "boots slowly", takes: null, default: null };
const tags = {
  name: "stale-tags",
  summary: "lists deleted things",
  takes: "how long",
  default: "20m",
};

test("what is on comes first, with its value", () => {
  expect(
    conditionsText([
      { ...boot, value: null },
      { ...tags, value: "5m" },
    ]),
  ).toBe(
    [
      "On",
      "  stale-tags=5m         lists deleted things (how long; default 20m)",
      "",
      "Off",
      "  slow-boot             boots slowly",
      "",
    ].join("\n"),
  );
});

test("everything may be off, or on", () => {
  expect(conditionsText([{ ...boot, value: null }])).toContain("Every condition is off.\n");
  expect(conditionsText([{ ...boot, value: true }])).toBe(
    "On\n  slow-boot             boots slowly\n",
  );
});
