import * as field from "../../fields/fields.ts";
import type * as z from "zod/mini";
import { group, key } from "../../fields/keys.ts";

/** Headers that the load balancer puts on every answer; null for none. */
export interface ResponseHeaders {
  /** Only on HTTPS, since browsers ignore it elsewhere. */
  readonly strictTransportSecurity: string | null;
  readonly contentTypeOptions: string | null;
  readonly frameOptions: string | null;
  readonly contentSecurityPolicy: string | null;
}

const off = "off";

const byDefault = {
  strict_transport_security: "max-age=31536000",
  content_type_options: "nosniff",
  frame_options: "DENY",
  content_security_policy: off,
} as const;

export const responseHeaders = group(
  "Headers that the load balancer puts on every answer, in place of the app's own.",
  {
    strict_transport_security: key(
      field.text(
        /^(?:off|max-age=[0-9]{1,10}(?:; includeSubDomains)?(?:; preload)?)$/,
        "off, or a value such as max-age=31536000 or max-age=31536000; includeSubDomains",
      ),
      "Strict-Transport-Security: how long browsers insist on HTTPS. Only with a domain. off: no header.",
      byDefault.strict_transport_security,
    ),
    content_type_options: key(
      field.choice(["nosniff", off]),
      "X-Content-Type-Options. off: no header.",
      byDefault.content_type_options,
    ),
    frame_options: key(
      field.choice(["DENY", "SAMEORIGIN", off]),
      "X-Frame-Options: who may show the answers in a frame. off: no header.",
      byDefault.frame_options,
    ),
    content_security_policy: key(
      // The load balancer takes values of at most 1 KB.
      field.text(
        /^[\x20-\x7e]{1,1024}$/,
        "off, or a policy on one line of at most 1024 characters, such as default-src 'none'",
      ),
      "Content-Security-Policy. off: no header.",
      byDefault.content_security_policy,
    ),
  },
);

type ResponseHeaderKeys = NonNullable<z.infer<typeof responseHeaders>>;

export function settleResponseHeaders(keys: ResponseHeaderKeys = {}): ResponseHeaders {
  const valueOf = (name: keyof typeof byDefault): string | null => {
    const value = keys[name] ?? byDefault[name];
    return value === off ? null : value;
  };
  return {
    strictTransportSecurity: valueOf("strict_transport_security"),
    contentTypeOptions: valueOf("content_type_options"),
    frameOptions: valueOf("frame_options"),
    contentSecurityPolicy: valueOf("content_security_policy"),
  };
}
