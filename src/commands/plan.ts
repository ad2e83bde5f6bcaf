import { exitCodes } from "../errors/command-error.ts";
import { onOff } from "../options/kinds.ts";
import { jsonText } from "../report/json-text.ts";
import { stackVerb } from "./kinds/stack-verb.ts";

/** What `up` would change, in the infrastructure and as a release. Exits with 2 for changes when asked to. */
export const plan = stackVerb({
  name: "plan",
  summary: "shows what `up` would change",
  options: {
    detailedExitcode: onOff("--detailed-exitcode", "exit with 2 when there are changes"),
    refreshAmi: onOff("--refresh-ami", "plan with the newest machine image"),
  },
  needsImage: true,
  run: async (deps, flags, loaded, own) => {
    const { forecastUp } = await import("../infrastructure/forecast.ts");
    const { refusePast } = await import("../infrastructure/checks/refuse-past.ts");
    const { infrastructureDeps } = await import("../target/infrastructure-deps.ts");
    const { foreseeStrategy } = await import("../target/foresee-strategy.ts");
    const { openTarget } = await import("../target/open-target.ts");
    const { checkMemory } = await import("../target/machine/check-memory.ts");
    const { outageText } = await import("../release/plan/outage-text.ts");
    const { completeCommands } = await import("../errors/printed-commands.ts");
    const { estimateStack, stackPrices } = await import("../target/cost/estimate-stack.ts");
    const { planDocument, planScreen } = await import("../views/plan.ts");

    refusePast(loaded, deps.clock.now());
    const target = await openTarget(deps, flags, loaded, { tools: ["terraform"] });
    await checkMemory(target);
    if (target.config.release.strategy === "recreate") {
      deps.reporter.notify({ type: "warning", text: outageText });
    }
    const [forecast, prices, choice] = await Promise.all([
      forecastUp(infrastructureDeps(deps, target, flags), own),
      stackPrices(target),
      foreseeStrategy(deps, target),
    ]);
    const estimate = estimateStack(target, prices, forecast.desired.zones);
    const findings = { ...forecast, config: target.config, estimate, choice };
    const document = planDocument(findings);
    deps.out(flags.json ? jsonText(document) : completeCommands(planScreen(findings), deps.args));
    return document.has_changes && own.detailedExitcode ? exitCodes.changes : exitCodes.done;
  },
});
