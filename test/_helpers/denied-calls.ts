import { pagePolicies } from "./policy-page.ts";
import { examinePolicies } from "./policy-simulation.ts";
import type { Project } from "./project.ts";
import { recordedCalls } from "./recorded-calls.ts";

/**
 * The actions that a project's commands have called, and what the policies of docs/reference/iam.md deny of them. `parts`: what the stack
 * has beyond every stack's.
 */
export async function deniedCalls(
  project: Pick<Project, "env" | "sandbox">,
  stack: { readonly name: string; readonly region: string },
  ...parts: readonly ("cloudfront" | "login" | "machine" | "sight" | "waf")[]
): Promise<{ readonly actions: readonly string[]; readonly denied: readonly string[] }> {
  const page = await pagePolicies(project, stack);
  const policies = [...page.all, ...parts.map((part) => page[part])];
  const calls = await recordedCalls(project);
  const { denied } = await examinePolicies(policies, calls, page.place);
  return { actions: calls.map(({ action }) => action), denied };
}
