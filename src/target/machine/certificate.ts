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
  return {
    names: domains,
    status: statuses[end !== null && state !== "valid" ? "expired" : state],
    expires: end === null ? undefined : new Date(end),
    trouble:
      problem === "" ? undefined : { problem, nextTry: next === null ? undefined : new Date(next) },
  };
}

/** In the words of AWS's certificates, where it has one. */
const statuses = {
  valid: "ISSUED",
  expired: "EXPIRED",
  waiting: "waiting",
  none: "missing",
} as const;
