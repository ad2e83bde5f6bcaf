import * as z from "zod/mini";
import { text } from "./fields.ts";

/** Without DELETE: a probe is sent every second to where users' data is. */
export const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "OPTIONS"] as const;

/** A map of names to text. Numbers and booleans are kept as written. */
export function headers() {
  const nameError =
    "the name of a header in letters, digits and hyphens, but none that the request sets itself: Host, Content-Length, Connection, Transfer-Encoding, Expect, Keep-Alive, Upgrade, X-Infer-Deploy-Probe";
  const valueError =
    "printable ASCII on one line (at most 2048 characters), a number, true or false";
  const mapError = `a map of at most ${mostHeaders} names and values`;
  // The load balancer drops headers whose names have other characters: routing.http.drop_invalid_header_fields.enabled.
  const name = text(/^[A-Za-z0-9-]{1,64}$/, nameError).check(
    z.refine((value) => !ownHeaders.has(value.toLowerCase()), { error: nameError }),
  );
  const value = text(/^[ -~]{0,2048}$/, valueError);
  return z
    .record(name, z.union([value, z.number(), z.boolean()], { error: valueError }), {
      error: mapError,
    })
    .check(z.refine((map) => Object.keys(map).length <= mostHeaders, { error: mapError }));
}

/** Text as is, or anything that JSON can represent. */
export function body() {
  const error = "text, or a map or list that JSON carries exactly, in at most 64 KB";
  return z
    .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())], { error })
    .check(
      z.refine((value) => isJson(value) && Buffer.byteLength(bodyText(value)) <= mostBytes, {
        error,
      }),
    );
}

/** A value that `body` accepts, as it is sent. */
export function bodyText(value: string | object): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value) && !isRounded(value);
  if (typeof value !== "object" || value === null) return true;
  return Object.values(value).every(isJson);
}

/** Whole numbers above 2^53 were rounded when the file was read. */
function isRounded(value: number): boolean {
  return Number.isInteger(value) && !Number.isSafeInteger(value);
}

const mostHeaders = 20;
const mostBytes = 64 * 1024;

// Node's fetch sets these or refuses to send them. The last one routes a probe to the version that has no traffic yet.
const ownHeaders: ReadonlySet<string> = new Set([
  "host",
  "content-length",
  "connection",
  "transfer-encoding",
  "expect",
  "keep-alive",
  "upgrade",
  "x-infer-deploy-probe",
]);
