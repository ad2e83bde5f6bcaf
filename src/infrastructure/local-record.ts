import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseStackRecord, stackKey, type StackRecord } from "../state/stack-record.ts";

/** Which stack, wherever it is. */
export interface StackName {
  readonly name: string;
  readonly environment: string;
  readonly region: string;
}

/**
 * Where this machine keeps what it needs of a stack between two runs: one folder whatever checkout `up` is run from, so that a state which could
 * not be saved is found again. Outside the user's project, because that is mostly the build context too: a `COPY . .` would put plans into the image.
 */
export function stackFolder(stateFolder: string, account: string, stack: StackName): string {
  const { name, environment, region } = stack;
  return join(stateFolder, "stacks", account, region, name, environment);
}

/** A copy of stack.json, so that `render` needs no AWS. */
export async function writeLocalRecord(folder: string, record: StackRecord): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, stackKey), `${JSON.stringify(record, undefined, 2)}\n`);
}

/** The stacks of this name that this machine has brought up, one for each account. A copy that cannot be read is left out. */
export async function readLocalRecords(
  stateFolder: string,
  stack: StackName,
): Promise<readonly StackRecord[]> {
  const accounts = await readdir(join(stateFolder, "stacks")).catch(() => []);
  const found = await Promise.all(
    accounts.map(async (account) => {
      const file = join(stackFolder(stateFolder, account, stack), stackKey);
      return readFile(file, "utf8")
        .then((text) => parseStackRecord(JSON.parse(text)))
        .catch(() => undefined);
    }),
  );
  return found
    .filter((record) => record !== undefined)
    .toSorted((one, other) => (one.account < other.account ? -1 : 1));
}
