/** What an error means to the user, and what to do about it. */
export interface Cause {
  readonly message: string;
  readonly next: string;
}
