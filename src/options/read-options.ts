import type { Option } from "./option.ts";

/** The options of a verb, by the names under which it reads them. */
export type Options = Readonly<Record<string, Option>>;

export type Values<O extends Options> = {
  readonly [Key in keyof O]: O[Key] extends Option<infer Value> ? Value : never;
};

/** What a command line and its environment hold. */
export interface Invocation {
  /** Flags that were typed, each with its values. */
  readonly typed: ReadonlyMap<string, readonly string[]>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Flag > variable > default. Throws CommandError (64) for the first value that is wrong. */
export function readOptions<O extends Options>(options: O, { typed, env }: Invocation): Values<O> {
  return Object.fromEntries(
    Object.entries(options).map(([key, option]) => [
      key,
      option.read({ typed: typed.get(option.flag), variable: env[option.twin] || undefined }),
    ]),
  ) as Values<O>;
}
