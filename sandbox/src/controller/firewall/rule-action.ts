/** What a rule does with a match. */
export type RuleAction = "BLOCK" | "ALLOW" | "COUNT";

/** An action as AWS WAF returns it. */
export interface ActionAnswer {
  readonly Block?: {
    readonly CustomResponse?: {
      readonly ResponseCode: number;
      readonly CustomResponseBodyKey?: string | null;
    } | null;
  } | null;
  readonly Allow?: object | null;
  readonly Count?: object | null;
  readonly None?: object | null;
}

/** Undefined without an action that the engine knows. */
export function readAction(action: ActionAnswer | null | undefined): RuleAction | undefined {
  if (action?.Block) return "BLOCK";
  if (action?.Allow) return "ALLOW";
  return action?.Count ? "COUNT" : undefined;
}
