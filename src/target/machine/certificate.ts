import { describeGroups } from "../../aws/fleet.ts";
import type { Certificate } from "../../aws/dns/certificate.ts";
import type { SingleOutputs } from "../../state/stack-record.ts";
import type { Target } from "../target.ts";
import { newestReport } from "./newest-report.ts";

/** The certificate that the machine's door shows, as the machine reports it. Undefined before its first report, and without a domain. */
export async function machineCertificate(
  { aws, store }: Pick<Target, "aws" | "store">,
  { machine }: Pick<SingleOutputs, "machine">,
): Promise<Certificate | undefined> {
  const [group] = await describeGroups(await aws.autoScaling(), [machine.group]);
  const certificate = (await newestReport(store, group))?.certificate ?? null;
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
