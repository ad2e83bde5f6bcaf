import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";
import type { RunbookFacts } from "./facts.ts";
import { fillRunbook, type Runbook } from "./runbook.ts";
import { topics } from "./topic-names.ts";

/** All of them, for one stack. */
export async function loadRunbooks(facts: RunbookFacts): Promise<readonly Runbook[]> {
  return Promise.all(
    topics.map(async (topic) => {
      const file = join(packageRoot, "templates", "runbooks", `${topic}.md`);
      return fillRunbook(topic, await readFile(file, "utf8"), facts);
    }),
  );
}
