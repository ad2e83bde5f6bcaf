import fc from "fast-check";
import { expect, test } from "vitest";
import { checkHostile, type HostileOutcome } from "../../test/_helpers/hostile-check.ts";
import { hostileFiles } from "../../test/_helpers/hostile-files.ts";
import { loadTemplates } from "../terraform/render/template-files.ts";

test("hostile text in any free string is refused, or arrives everywhere as it was written", async () => {
  const templates = await loadTemplates();
  const outcomes: HostileOutcome[] = [];
  fc.assert(
    fc.property(hostileFiles(), (file) => {
      outcomes.push(checkHostile(file, templates));
    }),
    { numRuns: 300 },
  );
  const accepted = outcomes.filter((outcome) => outcome.kind === "accepted");
  expect(accepted.length).toBeGreaterThan(100);
  expect(accepted.filter(({ texts }) => texts > 2).length).toBeGreaterThan(50);
});
