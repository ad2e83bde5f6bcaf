import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { onOff } from "../options/kinds.ts";
import type { Values } from "../options/read-options.ts";
import type { GlobalFlags } from "../target/flags.ts";
import type { SeenImages } from "../target/status/image-facts.ts";
import type { StatusDocument } from "../views/status.ts";
import type { StatusSources } from "../views/status-sight.ts";
import { stackVerb } from "./kinds/stack-verb.ts";

const options = { watch: onOff("--watch", "draw it again every two seconds") };

/** Prints the state; exits with 1 when the address is not healthy, so that a script may rely on it. */
export const status = stackVerb({
  name: "status",
  summary: "shows versions, weights, instances, alarms and what the address answers",
  options,
  needsImage: false,
  run: async (deps, flags, loaded, own) => {
    const { openTarget } = await import("../target/open-target.ts");
    const { requireStack } = await import("../target/require-stack.ts");
    const { look } = await import("../target/status/look.ts");
    const { lookAtDomains } = await import("../target/status/stack-facts.ts");

    const target = await openTarget(deps, flags, loaded, { tools: [] });
    const stack = await requireStack(target);
    // Once: Route53 answers five calls a second for the whole account.
    const domains = await lookAtDomains(deps, target, stack);
    const images: SeenImages = { scans: new Map(), attestations: new Map() };
    const { aborted } = deps.interrupts;
    const isDrawn = own.watch && deps.draws;
    const show = async (seen: StatusSources): Promise<void> =>
      isDrawn ? draw(deps, seen) : print(deps, flags, own, seen.document);
    let seen = await look(deps, target, stack, domains, images);
    await show(seen);
    while (own.watch && deps.isRead() && !aborted.aborted) {
      await deps.clock.sleep(watchMilliseconds, aborted).catch(() => undefined);
      if (!aborted.aborted) {
        seen = await look(deps, target, stack, domains, images);
        await show(seen);
      }
    }
    if (isDrawn) {
      // The last state stays on the screen.
      deps.reporter.notify({ type: "service-left" });
      await print(deps, flags, own, seen.document);
    }
    return seen.document.healthy ? exitCodes.done : exitCodes.failed;
  },
});

async function draw({ reporter }: Pick<Deps, "reporter">, seen: StatusSources): Promise<void> {
  const { statusSight } = await import("../views/status-sight.ts");
  reporter.notify({ type: "service-seen", sight: statusSight(seen) });
}

async function print(
  deps: Pick<Deps, "args" | "clock" | "out">,
  { json }: Pick<GlobalFlags, "json">,
  { watch }: Values<typeof options>,
  document: StatusDocument,
): Promise<void> {
  const { completeCommands } = await import("../errors/printed-commands.ts");
  const { statusText } = await import("../views/status-text.ts");

  deps.out(
    json
      ? // One document a line.
        `${JSON.stringify(document, undefined, watch ? 0 : 2)}\n`
      : completeCommands(statusText(document, deps.clock.now()), deps.args),
  );
}

const watchMilliseconds = 2000;
