/** One path's answer: its status, or null for none within the time. */
export interface Answer {
  readonly path: string;
  readonly status: number | null;
}

export type Judged =
  | { readonly kind: "healthy"; readonly path: string }
  | { readonly kind: "loading" | "none" };

/** The paths to try, the likeliest first. `own`: of the Dockerfile's HEALTHCHECK. */
export function healthPaths(own: string | null): readonly string[] {
  return [...new Set([...(own === null ? [] : [own]), ...usual])];
}

/**
 * What the answers of one round mean. `healthy`: the path to take. `loading`: a path before it answers that the app cannot serve yet, so a
 * later one, such as /, says nothing about the model. `none`: every path exists or not, and none answers 200.
 */
export function judgeAnswers(answers: readonly Answer[]): Judged {
  for (const { path, status } of answers) {
    if (status === 200) return { kind: "healthy", path };
    if (status === null || (status >= 500 && status !== 501)) return { kind: "loading" };
  }
  return { kind: "none" };
}

/** Kubernetes' and Docker's habits, then those of Triton, vLLM, TorchServe, TensorFlow Serving, Spring and Ollama. */
const usual = [
  "/healthz",
  "/health",
  "/ready",
  "/readyz",
  "/livez",
  "/health/ready",
  "/v2/health/ready",
  "/ping",
  "/api/health",
  "/actuator/health",
  "/status",
  "/v1/models",
  "/",
];
