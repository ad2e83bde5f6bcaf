import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { folder } from "../options/kinds.ts";
import { jsonText } from "../report/json-text.ts";
import { topics } from "../runbook/topic-names.ts";
import type { RunbookDocument } from "../views/runbook.ts";
import { stackVerb } from "./kinds/stack-verb.ts";

/** Reads the stack's record, and changes nothing of the stack. */
export const runbook = stackVerb({
  name: "runbook",
  summary: "prints what to do when something goes wrong, with this stack's names",
  options: { out: folder("--out <folder>", "write all of them there, as Markdown") },
  needsImage: false,
  operand: { name: "topic", summary: "which one; without it they are listed", choices: topics },
  run: async (deps, flags, loaded, own, operands) => {
    const wanted = topicOf(operands, own.out);
    const { runbookFacts } = await import("../runbook/facts.ts");
    const { loadRunbooks } = await import("../runbook/load-runbooks.ts");
    const { openTarget } = await import("../target/open-target.ts");
    const { statePlace } = await import("../target/parts/state-place.ts");
    const { requireStack } = await import("../target/require-stack.ts");
    const { runbookDocument, runbookListText } = await import("../views/runbook.ts");

    const target = await openTarget(deps, flags, loaded, { tools: [] });
    const stack = await requireStack(target);
    const facts = runbookFacts(target.config, stack, {
      bucket: target.bucket,
      file: statePlace(target).addresses.local,
    });
    const all = await loadRunbooks(facts);
    const chosen = wanted === undefined ? all : all.filter(({ topic }) => topic === wanted);
    const document = runbookDocument(target.config, chosen, deps.args);
    const written = own.out === undefined ? undefined : await write(deps, document, own.out);
    if (flags.json) deps.out(jsonText(document));
    else if (written !== undefined) deps.out(`${written}\n`);
    else if (wanted === undefined) deps.out(runbookListText(document));
    else deps.out(document.runbooks[0]?.markdown ?? "");
    return exitCodes.done;
  },
});

/** Throws CommandError (64) for an unknown topic, and where one is too many. */
function topicOf(operands: readonly string[], out: string | undefined): string | undefined {
  const [topic, second] = operands;
  if (topic === undefined) return undefined;
  const problem = !topics.some((known) => known === topic)
    ? `There is no runbook ${topic}.`
    : second !== undefined
      ? "One runbook is printed at a time."
      : out === undefined
        ? undefined
        : `--out writes all runbooks, so it takes no topic.`;
  if (problem === undefined) return topic;
  throw new CommandError(problem, {
    exitCode: exitCodes.usage,
    next: "infer-deploy runbook lists them",
  });
}

/** Resolves to the folder. */
async function write(
  deps: Pick<Deps, "cwd">,
  document: RunbookDocument,
  out: string,
): Promise<string> {
  const path = await import("node:path");
  const { writeFiles } = await import("../terraform/render/write-files.ts");
  const { runbookFiles } = await import("../views/runbook.ts");

  const there = path.resolve(deps.cwd, out);
  await writeFiles(there, runbookFiles(document));
  return there;
}
