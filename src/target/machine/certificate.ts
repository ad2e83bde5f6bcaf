import type { Certificate } from "../../aws/dns/certificate.ts";
import type { SingleOutputs } from "../../state/stack-record.ts";
import type { Target } from "../target.ts";
import { machineReport } from "./machine-report.ts";

/** The certificate that the machine's door shows, as the machine reports it. Undefined before its first report, and without a domain. */
export async function machineCertificate(
  target: Pick<Target, "aws" | "store">,
  outputs: Pick<SingleOutputs, "machine">,
): Promise<Certificate | undefined> {
  const certificate = (await machineReport(target, outputs))?.certificate ?? null;
  if (certificate === null) return undefined;
  const { domains, next_try: next, not_after: end, problem, state } = certificate;
  const waiting = `waiting${next === null ? "" : `, next try at ${next}`}${problem === "" ? "" : `: ${problem}`}`;
  return {
    names: domains,
    // In the words of AWS's certificates.
    status: state === "valid" ? "ISSUED" : state === "waiting" ? waiting : "missing",
    expires: end === null ? undefined : new Date(end),
  };
}
