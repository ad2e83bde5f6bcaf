import type * as z from "zod/mini";
import { describeFound, type Problem } from "./checks/problem.ts";
import { defaultEnvironment, regionName } from "./schema/config.ts";
import { nearest, suggestValue } from "./checks/suggest.ts";

/** A value from the command line or the environment. */
export interface Override {
  readonly value: string;
  /** The flag or the variable, as problems name it, such as --region. */
  readonly origin: string;
}

export interface Overrides {
  readonly region?: Override;
  readonly environment?: Override;
}

/** The region only: `chooseEnvironment` checks the environment. */
export function checkOverrides({ region }: Overrides): readonly Problem[] {
  return checkOverride("region", regionName, region);
}

export interface Choice {
  readonly environment: string;
  readonly problems: readonly Problem[];
}

/**
 * The environment that was asked for, or the only one declared, or `production`.
 * An undeclared one is refused, because a typo would build a second stack.
 */
export function chooseEnvironment(
  declared: readonly string[],
  asked: Override | undefined,
  place: Pick<Problem, "file" | "line" | "column">,
): Choice {
  const known = declared.length === 0 ? [defaultEnvironment] : declared;
  if (asked !== undefined) {
    const problems = known.includes(asked.value) ? [] : [explainUndeclared(known, asked)];
    return { environment: asked.value, problems };
  }
  const [only, ...others] = known;
  if (only !== undefined && others.length === 0) return { environment: only, problems: [] };
  if (known.includes(defaultEnvironment)) return { environment: defaultEnvironment, problems: [] };
  return {
    environment: only ?? defaultEnvironment,
    problems: [
      {
        ...place,
        path: "environments",
        found: known.join(", "),
        allowed: "one of them, chosen with --environment or INFER_DEPLOY_ENVIRONMENT",
        suggestion: null,
      },
    ],
  };
}

function checkOverride(
  key: string,
  schema: z.ZodMiniType,
  override: Override | undefined,
): readonly Problem[] {
  if (override === undefined) return [];
  const result = schema.safeParse(override.value);
  if (result.success) return [];
  return [
    {
      ...placeless(override),
      path: key,
      allowed: result.error.issues[0]?.message ?? "another value",
      suggestion: suggestValue(schema, override.value),
    },
  ];
}

function explainUndeclared(known: readonly string[], asked: Override): Problem {
  return {
    ...placeless(asked),
    path: "environment",
    allowed: `${known.join(", ")}; declare others under environments in the file`,
    suggestion: nearest(asked.value, known),
  };
}

function placeless({ value, origin }: Override) {
  return { file: origin, line: null, column: null, found: describeFound(value) };
}
