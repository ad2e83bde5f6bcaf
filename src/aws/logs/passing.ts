import { isThrottling } from "../watch-calls.ts";

/** Whether the same request may succeed later: AWS throttles it, fails itself, or did not answer. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, message } = error;
  const code = "code" in error ? String(error.code) : "";
  const isServers = "$fault" in error && error.$fault === "server";
  return isServers || isThrottling(error) || unanswered.test(`${name} ${code} ${message}`);
}

const unanswered =
  /TimeoutError|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|socket hang up/;
