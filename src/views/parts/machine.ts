/** What one machine reports of itself; null for a fleet, and while there is nothing to say. */
export interface MachineStatus {
  readonly instance: string;
  readonly problem: string;
  readonly next: string;
}

export function machineStatus({
  instance,
  problem,
}: Pick<MachineStatus, "instance" | "problem">): MachineStatus | null {
  return problem === "" ? null : { instance, problem, next: machineAdvice(problem, instance) };
}

export function machineLines(machine: MachineStatus | null): readonly string[] {
  if (machine === null) return [];
  const { instance, next, problem } = machine;
  return [`  machine   ${instance}: ${problem.replace(/\.$/, "")}; ${next}`];
}

/** The next step of a person for a problem in the machine's own words. */
export function machineAdvice(problem: string, instance: string): string {
  const another = `end the instance ${instance}, so that its group starts another, which takes the address and the certificate`;
  if (/clock is \d+ /.test(problem)) return another;
  if (/No space left on device/.test(problem)) {
    return `what it has serves on; ${another}, and give it more room by instances.disk`;
  }
  return `what it has serves on; if it lasts, ${another}`;
}
