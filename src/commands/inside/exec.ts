import { onOff } from "../../options/kinds.ts";
import { stackVerb } from "../kinds/stack-verb.ts";
import { instanceOperand } from "./instance-operand.ts";

/** Runs a command where a version runs: in its container, or next to it. */
export const exec = stackVerb({
  name: "exec",
  summary: "runs a command in a container that serves, or a shell: exec [instance] -- command",
  options: { host: onOff("--host", "on the instance itself, not in the container") },
  needsImage: false,
  operand: instanceOperand,
  run: async (deps, flags, loaded, own, operands) => {
    const { parseRemote, refuseShell } = await import("../../session/parse-remote.ts");
    const { inContainer, onHost } = await import("../../session/remote-command.ts");
    const { openRemote } = await import("../../target/open-remote.ts");
    const { openTarget } = await import("../../target/open-target.ts");

    const { instance, words } = parseRemote(operands, deps.args);
    if (words.length === 0) refuseShell(deps);
    const target = await openTarget(deps, flags, loaded, { tools: [] });
    const remote = await openRemote(deps, target, instance);
    const wish = { words, hasTerminal: deps.hasTerminal };
    if (!own.host) return remote.run(inContainer(remote.place, wish));
    return remote.run(words.length === 0 ? undefined : onHost(wish));
  },
});
