import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { verbs } from "../../src/cli/verbs.ts";
import { overviewDocument } from "../../src/views/parts/overview.ts";
import { statusDocument } from "../../src/views/status/status.ts";
import { upDocument } from "../../src/views/up.ts";
import { repository } from "../_helpers/cli.ts";
import { release, snapshot, stackRecord } from "../_helpers/rollout-values.ts";

const page = readFileSync(join(repository, "docs", "reference", "cli.md"), "utf8");
const good = release({ outcome: "succeeded" });
const up = { changed: true, sourcesChanged: false, changedSettings: [] };

test.each([
  ["up --json", upDocument(stackRecord(), good, up)],
  ["status --json", statusDocument(stackRecord(), snapshot({ releases: [good] }))],
  ["status --all --json", overviewDocument("app", [])],
])("the reference lists every key of %s, and no other", (title, document) => {
  const section = page.split(`## \`${title}\`\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = section.split("\n").filter((line) => line.startsWith("| `"));
  const keys = rows.flatMap((row) =>
    [...(row.split(" | ")[0] ?? "").matchAll(/`(\w+)`/g)].map(([, key = ""]) => key),
  );
  expect(keys.toSorted()).toEqual(Object.keys(document).toSorted());
});

const words = new Set(
  verbs.flatMap((verb) => [
    verb.name,
    ...("verbs" in verb ? verb.verbs.map(({ name }) => `${verb.name} ${name}`) : []),
  ]),
);

const pages = [
  "README.md",
  "docs/runbooks/releases.md",
  ...["cli", "hooks", "releases", "sandbox"].map((name) => `docs/reference/${name}.md`),
];

test.each(pages)("%s names only commands that exist", (file) => {
  const text = readFileSync(join(repository, file), "utf8");
  // In code, and after a prompt.
  const named = [...text.matchAll(/(?:`|\$ )infer-deploy ((?:(?:lock|sandbox) )?[a-z]+)/g)];
  expect(named.length).toBeGreaterThan(0);
  for (const [, command] of named) expect(words).toContain(command);
});
