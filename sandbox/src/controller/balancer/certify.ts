import { access } from "node:fs/promises";
import { join } from "node:path";
import type { Run } from "../../../../src/process/programs/run.ts";
import { makeListenerCertificate } from "../../containers/certificates.ts";
import { authorityHosts, serviceContainer } from "../../containers/sandbox-names.ts";
import { writeAtomically } from "../../client/state-file.ts";
import type { SandboxState } from "../../client/sandbox-state.ts";
import { authorityCertificate } from "../authority/authority-config.ts";
import { edgeCertificate } from "../edge/edge-config.ts";
import type { Emulator } from "../emulator.ts";
import type { BalancerModel } from "./balancer-model.ts";

/** Creates the missing certificates from the sandbox's authority: for each listener's ACM certificate, each distribution's name, and Let's Encrypt's. */
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
  const listeners = model.listeners.flatMap(({ certificate }) =>
    certificate === null
      ? []
      : [
          {
            file: certificate.file,
            namesOf: async () => emulator.certificateDomains(certificate.arn),
          },
        ],
  );
  const edges = model.edges.map((edge) => ({
    file: edgeCertificate(edge),
    namesOf: async () => Promise.resolve([edge.domain]),
  }));
  const authority =
    model.authority === null
      ? []
      : [
          {
            file: authorityCertificate,
            namesOf: async () => Promise.resolve([...authorityHosts]),
          },
        ];
  for (const { file, namesOf } of [...listeners, ...edges, ...authority]) {
    const path = join(folder, "balancer", file);
    const there = await access(path).then(
      () => true,
      () => false,
    );
    if (there) continue;
    const domains = await namesOf();
    const container = serviceContainer(state.name, "balancer");
    await writeAtomically(
      path,
      await makeListenerCertificate(run, container, folder, [...domains, "localhost"]),
      0o600,
    );
  }
}
