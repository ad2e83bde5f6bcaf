import { setCapacity } from "../aws/fleet.ts";
import { emptyRepository } from "../aws/registry.ts";
import type { Deps } from "../deps.ts";
import { colours } from "../stack/colour.ts";
import { nameStack } from "../stack/names.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { Target } from "../target/target.ts";

/** A repository with images cannot be deleted, and groups without instances go much faster. */
export async function emptyWhatBlocks(
  deps: Deps,
  target: Target,
  applied: StackRecord | undefined,
): Promise<void> {
  deps.reporter.notify({
    type: "step-started",
    step: "empty",
    title: "Empty the registry and the groups",
  });
  const { name, environment, region } = target.config;
  const repository =
    applied?.outputs.repository_name ?? nameStack(name, environment, region).repository;
  const images = await emptyRepository(await target.aws.ecr(), repository);
  if (applied !== undefined) {
    const autoScaling = await target.aws.autoScaling();
    await Promise.all(
      colours.map((colour) =>
        setCapacity(autoScaling, applied.outputs.autoscaling_group_names[colour], {
          min: 0,
          desired: 0,
        }).catch((error: unknown) => {
          // The group may be gone already, in a stack that was destroyed half-way.
          if (!(error instanceof Error && error.name === "ValidationError")) {
            throw error;
          }
        }),
      ),
    );
  }
  deps.reporter.notify({
    type: "step-finished",
    step: "empty",
    outcome: "done",
    detail: `${images} images`,
  });
}
