import type { Config } from "../config/schema/config.ts";
import { completeCommands } from "../errors/printed-commands.ts";
import type { Runbook } from "../runbook/runbook.ts";
import { placeOf } from "./parts/place.ts";
import { table } from "./parts/table.ts";

type Place = Pick<Config, "name" | "environment" | "region">;

/** `runbook --json` */
export interface RunbookDocument extends Place {
  readonly schema_version: 1;
  readonly runbooks: readonly Runbook[];
}

/** `typed`: the command line after the program, so that the commands in the text work as printed. */
export function runbookDocument(
  place: Place,
  runbooks: readonly Runbook[],
  typed: readonly string[],
): RunbookDocument {
  return {
    ...placeOf(place),
    runbooks: runbooks.map((runbook) => ({
      ...runbook,
      markdown: completeCommands(runbook.markdown, typed),
    })),
  };
}

/** The list: what there is, and when to use it. */
export function runbookListText({ name, environment, region, runbooks }: RunbookDocument): string {
  const rows = runbooks.map(({ topic, summary }) => [`  ${topic}`, summary]);
  return `${name} (${environment}) in ${region}\n${table(rows)}`;
}

/** Files to write, by name. */
export function runbookFiles({ runbooks }: RunbookDocument): ReadonlyMap<string, string> {
  const list = runbooks.map(({ topic, title, summary }) => `- [${title}](${topic}.md): ${summary}`);
  const readme = `# Runbooks\n\nWritten by \`infer-deploy runbook\`, which writes them again.\n\n${list.join("\n")}\n`;
  return new Map([
    ["README.md", readme],
    ...runbooks.map(({ topic, markdown }) => [`${topic}.md`, markdown] as const),
  ]);
}
