import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Target } from "../target.ts";

/** Where this machine has worked on a stack. */
export interface KnownPlace {
  readonly account: string;
  readonly region: string;
}

type Wanted = Pick<Target, "config" | "identity" | "stateFolder">;

/** The other accounts and regions in which this machine has worked on a stack of this name. Those of the same account first. */
export async function knownElsewhere({
  config,
  identity,
  stateFolder,
}: Wanted): Promise<readonly KnownPlace[]> {
  const { name, environment } = config;
  const list = async (...path: string[]): Promise<readonly string[]> => {
    const names: readonly string[] = await readdir(join(stateFolder, "stacks", ...path)).catch(
      () => [],
    );
    return names.toSorted();
  };
  const accounts = (await list()).filter((account) => /^\d{12}$/.test(account));
  const places = await Promise.all(
    accounts.map(async (account) =>
      (await list(account)).map((region): KnownPlace => ({ account, region })),
    ),
  );
  return places
    .flat()
    .filter(({ account, region }) => account !== identity.account || region !== config.region)
    .filter(({ account, region }) =>
      existsSync(join(stateFolder, "stacks", account, region, name, environment)),
    )
    .toSorted((one, two) => rank(one, identity.account) - rank(two, identity.account));
}

/**
 * A sentence for an `up` that would make a second stack, with the first one in another account: usually the wrong credentials. Undefined where this
 * machine knows the stack in this account, or nowhere.
 */
export async function foreignAccountText(target: Wanted): Promise<string | undefined> {
  const { config, identity, stateFolder } = target;
  const { name, environment, region } = config;
  const own = join(stateFolder, "stacks", identity.account, region, name, environment);
  if (existsSync(own)) return undefined;
  const foreign = (await knownElsewhere(target)).find(
    (place) => place.account !== identity.account && place.region === region,
  );
  return foreign === undefined
    ? undefined
    : `this machine knows ${name} (${environment}) in the account ${foreign.account}, and these credentials are of ${identity.account}: this makes one more stack there`;
}

function rank({ account }: KnownPlace, own: string): number {
  return account === own ? 0 : 1;
}
