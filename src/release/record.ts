import type { Config } from "../config/schema.ts";
import type { ContainerSettings } from "../rollout/records.ts";
import type { StackRecord } from "../rollout/stack-record.ts";

export function containerSettings(
  config: Pick<Config, "image" | "health" | "instances" | "env">,
  stack: StackRecord,
): ContainerSettings {
  return {
    port: config.image.port,
    health: { path: config.health.path, timeout_seconds: config.health.timeoutSeconds },
    memory_mb: config.instances.memoryMb,
    env: config.env,
    secrets: {},
    log_group: stack.outputs.log_groups.app,
  };
}
