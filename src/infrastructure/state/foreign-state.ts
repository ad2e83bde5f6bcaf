import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { nameStack } from "../../stack/names.ts";
import { parseJson, recordOf, textOf } from "../../terraform/events/json.ts";
import type { StatePlace } from "./state-place.ts";

/**
 * Throws CommandError (64) when the state of a workspace is another stack's, which an apply would replace. A workspace's name has no account
 * and no region, as the addresses of the other backends do. A state without outputs is that of a first `up` that has not ended.
 * `text`: as `terraform state pull` prints it.
 */
export function refuseForeignState(
  { owner, name: where }: Pick<StatePlace, "name" | "owner">,
  text: string,
): void {
  if (text.trim() === "") return;
  const outputs = recordOf(recordOf(parseJson(text))["outputs"]);
  const own = {
    account_id: owner.account,
    region: owner.region,
    repository_name: nameStack(owner.name, owner.environment, owner.region).repository,
  };
  for (const [name, value] of Object.entries(own)) {
    const other = textOf(recordOf(outputs[name])["value"]);
    if (other === "" || other === value) continue;
    throw new CommandError("The workspace has the state of another stack.", {
      exitCode: exitCodes.usage,
      where,
      why: `its ${name} is ${other}, and this stack's is ${value}`,
      next: "set state.workspace in infer-deploy.yml to a workspace that only this stack uses",
    });
  }
}
