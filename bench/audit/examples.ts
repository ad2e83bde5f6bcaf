import { readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { createRun } from "../../src/process/programs/execa-run.ts";
import { repository } from "../../test/_helpers/cli.ts";
import { held, type BoundRow } from "../groups.ts";

/** Every example, applied, changed, planned again and destroyed in a local region. `bin/test` runs a part of them by turns. */
export async function examples(folder: string): Promise<readonly BoundRow[]> {
  const file = join(folder, "examples.json");
  await rm(file, { force: true });
  const { stderr } = await createRun()({
    file: join(repository, "node_modules", ".bin", "vitest"),
    args: ["run", "--project", "examples", "--reporter=json", `--outputFile.json=${file}`],
    cwd: repository,
    // All Dockerfiles of `init`, of which `bin/test` deploys two by turns.
    env: { INFER_DEPLOY_TEST_ALL: "1" },
    writes: true,
  });
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) throw new Error(`vitest wrote no report:\n${stderr.slice(-4000)}`);
  const { testResults } = JSON.parse(text) as Report;
  return testResults.map(({ name, status, startTime, endTime, assertionResults }) => ({
    example: basename(name, ".test.ts"),
    tests: assertionResults.length,
    seconds: Math.round((endTime - startTime) / 1000),
    ...held("passes", status === "passed"),
  }));
}

/** The parts of vitest's JSON that are used. Times are in milliseconds. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly unknown[];
  }[];
}
