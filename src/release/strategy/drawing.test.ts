import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { releaseStrategies } from "../../config/fields/strategy-names.ts";
import { strategies } from "./strategies.ts";
import type { Strategy } from "./strategy.ts";

/** The steps as text: one line for each chain of usual steps, then all other transitions. */
function drawSteps({ drawing }: Strategy): string {
  const names = Object.keys(drawing);
  const reached = new Set(names.flatMap((name) => drawing[name]?.slice(0, 1) ?? []));
  const chains = names.filter((name) => !reached.has(name)).map((name) => chainFrom(drawing, name));
  const others = names.flatMap((name) =>
    (drawing[name] ?? []).slice(1).map((next) => `${name} → ${next}`),
  );
  return [...chains, ...(others.length === 0 ? [] : [`also: ${others.join(", ")}`])].join("\n");
}

function chainFrom(drawing: Strategy["drawing"], first: string): string {
  const chain: string[] = [];
  for (let name: string | undefined = first; name !== undefined; name = drawing[name]?.[0]) {
    if (chain.includes(name)) return [...chain, `${name} …`].join(" → ");
    chain.push(name);
  }
  return chain.join(" → ");
}

const page = await readFile(
  new URL("../../../docs/reference/releases.md", import.meta.url),
  "utf8",
);

test.each(Object.values(strategies))("the reference draws the steps of $name", (strategy) => {
  expect(page).toContain(`\n\`\`\`\n${drawSteps(strategy)}\n\`\`\`\n`);
});

test.each(releaseStrategies)("the strategy %s and its steps have rows in the reference", (name) => {
  for (const row of [`\`${name}\``, ...Object.keys(strategies[name].drawing)]) {
    expect(page).toMatch(new RegExp(`^\\| [^|]*(?<!\\w)${row}(?!\\w)[^|]*\\|`, "m"));
  }
});
