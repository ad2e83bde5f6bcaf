import type { Config } from "../../schema/config.ts";
import type { Contradiction } from "../problem.ts";

/** The part of `findContradictions` that is about Terraform's state. */
export function* checkState({
  environment,
  state,
}: Pick<Config, "environment" | "state">): Iterable<Contradiction> {
  const { backend, organization, workspace } = state;
  if (backend === "cloud" && organization === null) {
    yield {
      paths: [
        ["state", "organization"],
        ["state", "backend"],
      ],
      found: "backend: cloud without an organization",
      allowed: "the name of your organization of HCP Terraform",
    };
  }
  for (const [name, value] of Object.entries({ organization, workspace })) {
    if (backend !== "cloud" && value !== null) {
      yield {
        paths: [
          ["state", name],
          ["state", "backend"],
        ],
        found: `${name} with backend: ${backend}`,
        allowed: `${name} with backend: cloud only`,
      };
    }
  }
  // Two environments in one workspace would replace each other.
  if (workspace !== null && !workspace.split(/[-_]/).includes(environment)) {
    yield {
      paths: [["state", "workspace"]],
      found: `${workspace} for the environment ${environment}`,
      allowed: `a name with the environment in it, such as my-api-${environment}: each environment needs its own workspace`,
    };
  }
}
