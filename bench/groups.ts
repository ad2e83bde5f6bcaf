import { printTable, type Row } from "./table.ts";

/** Every row names its bound and says whether it meets it. */
export type BoundRow = Row & { readonly bound: string; readonly result: "pass" | "FAIL" };

export function held(bound: string, isKept: boolean): Pick<BoundRow, "bound" | "result"> {
  return { bound, result: isKept ? "pass" : "FAIL" };
}

export type Group<Arguments extends readonly unknown[]> = (
  ...given: Arguments
) => Promise<readonly BoundRow[]>;

/** The groups of these names, or all of them. Throws an Error that lists the groups if a name is unknown. */
export function chooseGroups<Arguments extends readonly unknown[]>(
  groups: Readonly<Record<string, Group<Arguments>>>,
  names: readonly string[] = Object.keys(groups),
): ReadonlyMap<string, Group<Arguments>> {
  return new Map(
    names.map((name) => {
      const group = groups[name];
      if (group === undefined) {
        throw new Error(`no group "${name}"; there are ${Object.keys(groups).join(", ")}`);
      }
      return [name, group];
    }),
  );
}

/** Runs the groups in turn and prints their tables. The process ends with 1 when a bound was missed or a group failed. */
export async function runGroups<Arguments extends readonly unknown[]>(
  bench: string,
  groups: ReadonlyMap<string, Group<Arguments>>,
  ...given: Arguments
): Promise<void> {
  for (const [name, group] of groups) {
    try {
      const rows = await group(...given);
      printTable(`${bench}/${name}`, rows);
      if (rows.some(({ result }) => result === "FAIL")) process.exitCode = 1;
    } catch (error) {
      // The other groups can still run.
      process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = 1;
    }
  }
}
