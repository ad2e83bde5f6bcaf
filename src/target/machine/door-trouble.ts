import { troubleAdvice, troubleText } from "../../domain/certificate-trouble.ts";
import type { DoorTrouble } from "../../release/parts.ts";
import type { DoorReport } from "../../state/reports/door-report.ts";
import { machineAdvice } from "../../views/parts/machine.ts";

/** Why users may get no answer from one machine, by its own report; undefined when the report knows nothing. */
export function doorTrouble(
  { certificate, instance, problem }: DoorReport,
  address: string,
): DoorTrouble | undefined {
  if (certificate !== null && certificate.state !== "valid") {
    const { domains, next_try: next } = certificate;
    const nextTry = next === null ? "" : `, next try at ${next}`;
    const why = certificate.problem === "" ? "" : `: ${troubleText(certificate.problem)}`;
    return {
      cause: `its certificate is ${certificate.not_after === null ? "waiting" : "over"}${nextTry}${why}`,
      next: troubleAdvice(certificate.problem, {
        domain: domains[0] ?? "the domain",
        address,
        zone: undefined,
      }),
    };
  }
  return problem === "" ? undefined : { cause: problem, next: machineAdvice(problem, instance) };
}
