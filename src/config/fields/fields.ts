import * as z from "zod/mini";
import { cidrPattern, parseCidr } from "./cidr.ts";
import { durationPattern, formatDuration, parseDuration } from "./time/duration.ts";
import { parseSize, sizePattern } from "./size.ts";

/*
 * Values of the file. Each has one sentence for what is allowed, whichever of its checks failed.
 */

export function text(pattern: RegExp, allowed: string) {
  return z.string({ error: allowed }).check(z.regex(pattern, { error: allowed }));
}

export function wholeNumber(least: number, most: number, unit?: string) {
  const of = unit === undefined ? "" : ` of ${unit}`;
  const error = `a whole number${of} from ${least} to ${most}`;
  return z.int({ error }).check(z.gte(least, { error }), z.lte(most, { error }));
}

/** A code of an answer: of gRPC below 100, of HTTP from 200 to `most`. `allowed`: the sentence. */
export function answerCode(most: number, allowed: string) {
  const error = allowed;
  const isOne = (code: number): boolean => code < 100 || code >= 200;
  return z
    .int({ error })
    .check(z.gte(0, { error }), z.lte(most, { error }), z.refine(isOne, { error }));
}

export function flag() {
  return z.boolean({ error: "true or false" });
}

/** `allowed`: the sentence, or what it is for a value that was found. */
export function choice<const T extends readonly string[]>(
  values: T,
  allowed: string | ((issue: { readonly input?: unknown }) => string) = listOf(values),
) {
  return z.enum(values, { error: allowed });
}

function listOf(values: readonly string[]): string {
  return [values.slice(0, -1).join(", "), ...values.slice(-1)].join(" or ");
}

/** `least` and `most` in seconds; `step` 1 refuses parts of a second. */
export function duration(least: number, most: number, step: 1 | 0.001 = 1) {
  const error = `a duration from ${formatDuration(least)} to ${formatDuration(most)}, such as 5s or 2m`;
  return z.string({ error }).check(
    z.regex(durationPattern, { error }),
    z.refine(
      (value) => {
        const seconds = parseDuration(value);
        if (seconds === null || seconds < least || seconds > most) return false;
        return step !== 1 || Number.isInteger(seconds);
      },
      { error },
    ),
  );
}

/** A path on this machine that is passed to git or docker, which would read a leading dash as an option. */
export function filePath(what: string) {
  const error = `${what}, not beginning with "-" and without line breaks`;
  return z
    .string({ error })
    .check(
      z.regex(/^[^-]/, { error }),
      z.refine(isOneLine, { error }),
      z.maxLength(1024, { error }),
    );
}

/** https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html */
export function urlPath() {
  // Two slashes, or a slash and a backslash, begin the name of another host.
  return text(
    /^\/(?![/\\])[\x21-\x7e]{0,1023}$/,
    'a path that begins with one "/" and has no spaces',
  );
}

export function cidr(least: number, most: number, allowed: string) {
  const isCanonical = (value: string): boolean => {
    const block = parseCidr(value);
    return (
      block !== null && block.canonical === value && block.prefix >= least && block.prefix <= most
    );
  };
  return text(cidrPattern, allowed).check(z.refine(isCanonical, { error: allowed }));
}

/** A folder in the container. Docker refuses colons, and a path that is written in one way only can be compared. */
export function containerPath() {
  return text(
    /^(?=.{2,255}$)(?:\/(?!\.{1,2}(?:\/|$))[\w.@+~-]+)+$/,
    "an absolute path of letters, digits and . _ - @ + ~, such as /data, without a / at its end",
  );
}

export function pathList() {
  const error = "a list of at most 20 absolute paths, such as [/data]";
  return z.array(containerPath(), { error }).check(z.maxLength(20, { error }));
}

/** A number of megabytes, or a text such as 512mb or 1gb. */
export function size() {
  const error = "a size from 1 MB to 32 TB: a number of MB, or such as 512mb or 1gb";
  const fits = (value: string | number): boolean => {
    const megabytes = parseSize(value);
    return megabytes !== null && megabytes >= 1 && megabytes <= 33_554_432;
  };
  return z
    .union([z.int({ error }), z.string({ error }).check(z.regex(sizePattern, { error }))], {
      error,
    })
    .check(z.refine(fits, { error }));
}

/** Environment variables of a container. Docker takes every name without "=", and every value without a zero byte. */
export function environmentVariables() {
  const error = "text (at most 32768 characters), a number, true or false";
  return z.record(variableName, z.union([longText(error), z.number(), z.boolean()], { error }), {
    error: "a map of names and values",
  });
}

/** The same in an environment, where null removes a variable of the file. */
export function environmentOverrides() {
  const error = "text (at most 32768 characters), a number, true, false, or null for no variable";
  const value = z.union([longText(error), z.number(), z.boolean(), z.null()], { error });
  return z.record(variableName, value, { error: "a map of names and values" });
}

const variableName = text(
  /^[A-Za-z_][A-Za-z0-9_.-]{0,255}$/,
  "a name of letters, digits and _ . -, not beginning with a digit",
);

function longText(error: string) {
  return z.string({ error }).check(z.maxLength(32_768, { error }), z.regex(/^[^\0]*$/, { error }));
}

/** A map of names to text. Numbers and booleans are kept as written. */
export function variables() {
  const error = "text on one line (at most 32768 characters), a number, true or false";
  const line = z
    .string({ error })
    .check(z.maxLength(32_768, { error }), z.refine(isOneLine, { error }));
  const name = text(
    /^[A-Za-z_][A-Za-z0-9_]*$/,
    "a name of letters, digits and _, not beginning with a digit",
  );
  return z.record(name, z.union([line, z.number(), z.boolean()], { error }), {
    error: "a map of names and values",
  });
}

/** The values that `variables`, `environmentVariables` and `tagMap` accept, as text. Null removes a name. */
export function toText(
  values: Readonly<Record<string, string | number | boolean | null>> | undefined,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(values ?? {}).flatMap(([name, value]) =>
      value === null ? [] : [[name, String(value)]],
    ),
  );
}

/** AWS's limits for tags, in the character set that every service accepts: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html */
export function tagMap() {
  const keyError =
    "a tag key of 1 to 128 letters, digits, spaces and + - = . _ : / @, not beginning with aws: or infer-deploy:";
  const valueError =
    "a tag value of at most 256 letters, digits, spaces and + - = . _ : / @, a number, true or false";
  const key = text(/^(?![Aa][Ww][Ss]:|infer-deploy:)[\p{L}\p{N} +\-=._:/@]{1,128}$/u, keyError);
  const value = text(/^[\p{L}\p{N} +\-=._:/@]{0,256}$/u, valueError);
  return z.record(key, z.union([value, z.number(), z.boolean()], { error: valueError }), {
    error: "a map of tag keys and values",
  });
}

function isOneLine(value: string): boolean {
  return !/[\n\r\0]/.test(value);
}
