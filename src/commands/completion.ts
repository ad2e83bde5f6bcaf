import { exitCodes } from "../errors/command-error.ts";
import type { Word } from "../completion/words.ts";
import type { Verb, VerbGroup } from "./kinds/verb.ts";

/** Needs no configuration and no AWS: the scripts come from the list of verbs alone. */
export const completion: VerbGroup = {
  name: "completion",
  summary: "prints the script with which a shell completes infer-deploy",
  verbs: [
    shellVerb("bash", async () => (await import("../completion/bash.ts")).bashCompletion),
    shellVerb("zsh", async () => (await import("../completion/zsh.ts")).zshCompletion),
    shellVerb("fish", async () => (await import("../completion/fish.ts")).fishCompletion),
  ],
};

function shellVerb(shell: string, load: () => Promise<(words: readonly Word[]) => string>): Verb {
  return {
    name: shell,
    summary: `for ${shell}`,
    options: {},
    run: async (start) => {
      const script = await load();
      start.out(script(start.verbs));
      return exitCodes.done;
    },
  };
}
