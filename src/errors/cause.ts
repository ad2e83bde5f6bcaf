/** What an error means to the user, and what to do about it. */
export interface Cause {
  readonly message: string;
  readonly next: string;
  /** It fails every call of a run, and not only the one whose error names it. */
  readonly isGeneral?: true;
}
