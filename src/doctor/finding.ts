/** What one check found. */
export interface Finding {
  /** What was looked at, in two or three words. */
  readonly check: string;
  /** `warning`: a verb may fail. `failed`: it will. `unknown`: it could not be found out. */
  readonly state: "ok" | "warning" | "failed" | "unknown";
  /** What was found, for a person. */
  readonly detail: string;
  /** A command, or one sentence that says what to change; null when there is nothing to do. */
  readonly next: string | null;
}

export function ok(check: string, detail: string): Finding {
  return { check, state: "ok", detail, next: null };
}

export function warning(check: string, detail: string, next: string): Finding {
  return { check, state: "warning", detail, next };
}

export function failed(check: string, detail: string, next: string): Finding {
  return { check, state: "failed", detail, next };
}

export function unknown(check: string, detail: string, next: string | null = null): Finding {
  return { check, state: "unknown", detail, next };
}
