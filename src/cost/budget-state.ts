/** A monthly budget as AWS Budgets has counted it last, in USD. */
export interface BudgetState {
  readonly limit: number;
  /** This month. 0 also while AWS does not count by the stack's tag, and after each change of the budget. */
  readonly spent: number;
  /** What AWS expects for the whole month; null while it expects nothing yet. */
  readonly forecast: number | null;
}
