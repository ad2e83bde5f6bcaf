import type { StackInput } from "./stack-input.ts";

/** What the machine's door does, in its own spelling. */
export function doorOf(input: StackInput) {
  const { domains, health, requests } = input;
  return {
    domains,
    drain_seconds: health.drainSeconds,
    headers: Object.fromEntries(
      Object.entries(headersOf(input)).flatMap(([key, value]) =>
        value === null ? [] : [[headerNames[key as keyof typeof headerNames], value]],
      ),
    ),
    health_path: health.path,
    ...(health.codes === null ? {} : { health_codes: health.codes }),
    request_seconds: requests.timeoutSeconds,
  };
}

/** AWS refuses Strict-Transport-Security on a listener without a certificate. */
export function headersOf({ domains, https, responseHeaders: headers }: StackInput) {
  const isSecure = domains.length > 0 || https === "cloudfront";
  return {
    content_security_policy: headers.contentSecurityPolicy,
    content_type_options: headers.contentTypeOptions,
    frame_options: headers.frameOptions,
    strict_transport_security: isSecure ? headers.strictTransportSecurity : null,
  };
}

const headerNames = {
  content_security_policy: "Content-Security-Policy",
  content_type_options: "X-Content-Type-Options",
  frame_options: "X-Frame-Options",
  strict_transport_security: "Strict-Transport-Security",
} as const;
