import { formatProblems } from "../../src/config/checks/problem.ts";
import { parseConfig } from "../../src/config/parse.ts";

/** The configuration of a name, a region and these lines. */
export function parseLines(...lines: readonly string[]): ReturnType<typeof parseConfig> {
  const text = ["name: app", "region: eu-west-1", ...lines].join("\n");
  return parseConfig({ text, file: "f.yml", overrides: {} });
}

/** What is wrong with it, as a person reads it. */
export function problemsOf(...lines: readonly string[]): readonly string[] {
  const parsed = parseLines(...lines);
  return "problems" in parsed ? formatProblems(parsed.problems) : [];
}
