import { describe, expect, test } from "vitest";
import { modelOf, now, screen } from "../../../test/_helpers/panel-sights.ts";
import type { ResourcesSight } from "../sights.ts";
import { panelLines } from "./lines.ts";
import type { Screen } from "./pieces.ts";

describe("resources", () => {
  const sight: ResourcesSight = {
    total: 54,
    completed: 27,
    failed: [],
    silentSeconds: 0,
    pending: [
      { address: "load_balancer.aws_lb.this", action: "create", since: now - 72_000 },
      {
        address: 'network.aws_nat_gateway.this["eu-west-1a"]',
        action: "create",
        since: now - 9000,
      },
    ],
  };
  const apply = {
    id: "apply",
    title: "Apply the infrastructure",
    detail: "",
    started: now - 80_000,
  };
  const drawn = (changes: Partial<ResourcesSight>, on: Screen): readonly string[] =>
    panelLines(
      modelOf({ type: "resources-seen", step: "apply", sight: { ...sight, ...changes } }),
      [apply],
      on,
      now,
      2,
    ).map((line) => line.trimEnd());

  test("a bar, and what is pending since when", () => {
    expect(drawn({}, screen(79))).toEqual([
      "⠹ Apply the infrastructure  1 min 20 s",
      "  ████████████████████░░░░░░░░░░░░░░░░░░░░  27 of 54",
      "  create  load_balancer.aws_lb.this                   1 min 12 s",
      '  create  network.aws_nat_gateway.this["eu-west-1a"]  9.0 s',
    ]);
  });

  test("at 40 columns an address loses its middle, and the time stays", () => {
    expect(drawn({}, screen(39)).slice(2)).toEqual([
      "  create  load_bal…_lb.this  1 min 12 s",
      '  create  network.aw…u-west-1a"]  9.0 s',
    ]);
  });

  test("what failed comes first, and is never left out for what is pending", () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      address: `aws_subnet.this[${index}]`,
      action: "create",
      since: now,
    }));
    const lines = drawn({ failed: ["aws_lb.this"], pending: many }, screen(79, { rows: 12 }));
    expect(lines).toHaveLength(11);
    expect(lines[1]).toContain("1 failed");
    expect(lines[2]).toBe("  failed  aws_lb.this");
    expect(lines.at(-1)).toMatch(/^ {2}and \d+ more$/);
  });

  test("Terraform's silence is said", () => {
    expect(drawn({ silentSeconds: 30 }, screen(79))[1]).toContain("no news for 30 s");
  });
});
