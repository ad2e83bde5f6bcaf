import { expect, test } from "vitest";
import { refuseMove } from "./refuse-move.ts";

test("an address stays private or public; a new stack has the choice", () => {
  expect(() => refuseMove({ internal: true }, undefined)).not.toThrow();
  expect(() => refuseMove({ internal: true }, { internal: true })).not.toThrow();
  // The first versions had only public ones, and did not write that down.
  expect(() => refuseMove({ internal: false }, {})).not.toThrow();
  expect(() => refuseMove({ internal: true }, {})).toThrow(
    expect.objectContaining({
      exitCode: 64,
      where: "network.internal: true in infer-deploy.yml",
      next: "set network.internal to false, or use another environment",
    }),
  );
  expect(() => refuseMove({ internal: false }, { internal: true })).toThrow(/cannot become/);
});
