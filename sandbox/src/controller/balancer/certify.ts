import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../../../../src/process/programs/run.ts";
import { makeListenerCertificate } from "../../containers/certificates.ts";
import { serviceContainer } from "../../containers/sandbox-names.ts";
import { writeAtomically } from "../../client/state-file.ts";
import type { SandboxState } from "../../client/sandbox-state.ts";
import type { Emulator } from "../emulator.ts";
import type { BalancerModel } from "./balancer-model.ts";

/** Creates the missing certificates: one from the sandbox's authority for each listener's ACM certificate. */
export async function certifyListeners(
  {
    run,
    state,
    folder,
    emulator,
  }: {
    readonly run: Run;
    readonly state: SandboxState;
    readonly folder: string;
    readonly emulator: Emulator;
  },
  model: BalancerModel,
): Promise<void> {
  for (const { certificate } of model.listeners) {
    if (certificate === null) continue;
    const path = join(folder, "balancer", certificate.file);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) continue;
    const domains = await emulator.certificateDomains(certificate.arn);
    const container = serviceContainer(state.name, "balancer");
    await writeAtomically(
      path,
      await makeListenerCertificate(run, container, folder, [...domains, "localhost"]),
      0o600,
    );
  }
}
