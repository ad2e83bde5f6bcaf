import { expect } from "vitest";

/** vitest types its asymmetric matchers as `any`; these are the same, usable where lint forbids that. */
export function containing(text: string): unknown {
  return expect.stringContaining(text);
}

export function matching(pattern: RegExp): unknown {
  return expect.stringMatching(pattern);
}
