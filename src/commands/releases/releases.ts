import { exitCodes } from "../../errors/command-error.ts";
import { wholeNumber } from "../../options/kinds.ts";
import { jsonText } from "../../report/json-text.ts";
import { stackVerb } from "../kinds/stack-verb.ts";

/** The history, newest first. */
export const releases = stackVerb({
  name: "releases",
  summary: "lists the history: version, digest, who, when, outcome",
  options: { limit: wholeNumber("--limit <number>", "how many, newest first", 20) },
  needsImage: false,
  run: async (deps, flags, loaded, own) => {
    const { readReleases } = await import("../../state/release-history.ts");
    const { openTarget } = await import("../../target/open-target.ts");
    const { requireStack } = await import("../../target/require-stack.ts");
    const { releasesDocument, releasesText } = await import("../../views/releases.ts");

    const target = await openTarget(deps, flags, loaded, { tools: [] });
    const stack = await requireStack(target);
    const records = (await readReleases(target.store, own.limit)).slice(0, own.limit);
    const document = releasesDocument(stack, records);
    deps.out(flags.json ? jsonText(document) : releasesText(document, deps.clock.now()));
    return exitCodes.done;
  },
});
