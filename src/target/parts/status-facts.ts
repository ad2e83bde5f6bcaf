import type { Scaling } from "../../aws/scaling/read-scaling.ts";
import type { Reporter } from "../../report/reporter.ts";
import type { Target } from "../target.ts";

/** A stack is shown without this when Auto Scaling cannot be asked. */
export async function lookAtScaling(
  deps: { readonly reporter: Pick<Reporter, "notify"> },
  aws: Pick<Target["aws"], "autoScaling">,
  group: string,
): Promise<Scaling | undefined> {
  const { readScaling } = await import("../../aws/scaling/read-scaling.ts");
  return orWarn(deps, "the scaling policies could not be read", async () =>
    readScaling(await aws.autoScaling(), group),
  );
}

/** Undefined, and a warning with the error's words, when the work fails. */
export async function orWarn<T>(
  { reporter }: { readonly reporter: Pick<Reporter, "notify"> },
  what: string,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const { describeLine } = await import("../../errors/describe.ts");
    reporter.notify({ type: "warning", text: `${what}: ${describeLine(error)}` });
    return undefined;
  }
}
