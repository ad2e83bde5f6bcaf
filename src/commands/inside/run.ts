import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { stackVerb } from "../kinds/stack-verb.ts";
import { instanceOperand } from "./instance-operand.ts";

/** Runs a command once in a new container, with the serving version's image, environment and secrets. */
export const run = stackVerb({
  name: "run",
  summary: "runs a command in a new container of the serving version: run [instance] -- command",
  options: {},
  needsImage: false,
  operand: instanceOperand,
  run: async (deps, flags, loaded, _own, operands) => {
    const { parseRemote } = await import("../../session/parse-remote.ts");
    const { inNewContainer } = await import("../../session/remote-command.ts");
    const { openRemote } = await import("../../target/open-remote.ts");
    const { openTarget } = await import("../../target/open-target.ts");

    const { instance, words } = parseRemote(operands, deps.args);
    if (words.length === 0) {
      throw new CommandError("run needs a command.", {
        exitCode: exitCodes.usage,
        next: "give it after --: infer-deploy run -- python3 migrate.py",
      });
    }
    const target = await openTarget(deps, flags, loaded, { tools: [] });
    const remote = await openRemote(deps, target, instance);
    const wish = { words, hasTerminal: deps.hasTerminal };
    return remote.run(inNewContainer(remote.place, wish, remote.name));
  },
});
