import { sandboxHeaders } from "../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import { expect } from "vitest";
import type { Project } from "./project.ts";

/** A mail that the region's SMTP server has got. */
export interface Mail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Oldest first. */
export async function regionMail(
  project: Pick<Project, "env" | "sandbox">,
): Promise<readonly Mail[]> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const answer = await fetch(`${state.endpoint}/_sandbox/mail`, { headers: sandboxHeaders(state) });
  const { messages } = (await answer.json()) as { readonly messages: readonly Mail[] };
  return messages;
}

/** What a budget's month has cost, in USD: AWS Budgets sends what is above its thresholds. */
export async function reportCosts(
  project: Pick<Project, "env" | "sandbox">,
  costs: { readonly budget: string; readonly actual: number; readonly forecast: number },
): Promise<void> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const answer = await fetch(`${state.endpoint}/_sandbox/budget-costs`, {
    method: "PUT",
    headers: sandboxHeaders(state),
    body: JSON.stringify(costs),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

/** Both messages of each of a stack's alarms have arrived, by the subjects of the mails. */
export async function expectAlarmMail(
  project: Pick<Project, "env" | "sandbox">,
  stack: { readonly name: string; readonly region: string; readonly reader: string },
  kinds: readonly string[],
): Promise<void> {
  const subjects = (await regionMail(project)).map(({ to, subject }) => `${to} ${subject}`);
  for (const kind of kinds) {
    for (const state of ["ALARM", "OK"]) {
      expect(subjects).toContain(
        `${stack.reader} ${state}: "${stack.name}-production-${kind}" in ${stack.region}`,
      );
    }
  }
}

/** The token in the newest mail that asks an address to confirm. */
export function confirmationToken(mail: readonly Mail[], to: string): string {
  const asked = mail.findLast(
    (one) => one.to === to && one.subject.includes("Subscription Confirmation"),
  );
  const token = /Token=(\w+)/.exec(asked?.text ?? "")?.[1];
  if (token === undefined) throw new Error(`${to} was not asked to confirm`);
  return token;
}
