import { CommandError, exitCodes } from "../errors/command-error.ts";
import { onOff } from "../options/kinds.ts";
import { jsonText } from "../report/json-text.ts";
import { stackVerb } from "./kinds/stack-verb.ts";

/** What the stack costs, and what was spent. Changes nothing, except with --activate-tags. */
export const cost = stackVerb({
  name: "cost",
  summary: "shows what the stack costs a month by list prices, and what was spent",
  options: {
    advise: onOff("--advise", "look at 14 days of use, and say what would cost less"),
    activateTags: onOff(
      "--activate-tags",
      "let AWS count costs by the stack's tags; only the account that pays may",
    ),
  },
  needsImage: false,
  run: async (deps, flags, loaded, own) => {
    if (own.activateTags && own.advise) {
      throw new CommandError("--activate-tags shows no costs, so it takes no --advise.", {
        exitCode: exitCodes.usage,
        next: "infer-deploy cost --activate-tags",
      });
    }
    const { openTarget } = await import("../target/open-target.ts");
    const { completeCommands } = await import("../errors/printed-commands.ts");
    const { activatedDocument, activatedText, costDocument, costText } =
      await import("../views/cost.ts");

    const target = await openTarget(deps, flags, loaded, { tools: [] });
    if (own.activateTags) {
      const { activateStackTags } = await import("../target/cost/activate.ts");
      const keys = await activateStackTags(target);
      const document = activatedDocument(target.config, keys);
      deps.out(flags.json ? jsonText(document) : activatedText(document));
      return exitCodes.done;
    }
    const { lookAtCosts } = await import("../target/cost/look.ts");
    const document = costDocument(target.config, await lookAtCosts(deps, target, own));
    deps.out(flags.json ? jsonText(document) : completeCommands(costText(document), deps.args));
    return exitCodes.done;
  },
});
