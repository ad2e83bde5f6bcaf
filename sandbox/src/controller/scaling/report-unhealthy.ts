import { SetInstanceHealthCommand } from "@aws-sdk/client-auto-scaling";
import type { RegionClients } from "../observe/region-clients.ts";
import type { Replacement } from "./replacements.ts";

export async function reportUnhealthy(
  { scaling }: RegionClients,
  replacement: Replacement,
): Promise<void> {
  await scaling.send(
    new SetInstanceHealthCommand({
      InstanceId: replacement.instance,
      HealthStatus: "Unhealthy",
      ShouldRespectGracePeriod: true,
    }),
  );
}
