import type { ActionView, ConditionView } from "../observe/region-view.ts";

/**
 * The conditions of a rule as one regular expression over a request in `requestFormat`; null when they can never match.
 * It has no white space, because it is a key in a map: rules change without a reload.
 */
export function renderPattern(conditions: readonly ConditionView[]): string | null {
  const parts = conditions.map(renderCondition);
  return parts.includes(null) ? null : `^${parts.join("")}`;
}

/** HAProxy's log format of the text that patterns match: method, host, path and query in the first line, then a header a line. */
export const requestFormat = String.raw`"%[method] %[req.hdr(host),field(1,:)] %[path]?%[query]\n%[req.hdrs]"`;

/**
 * The Location of a redirect action in HAProxy's log format: as on AWS, and for requests to a loopback address. There, a port of the
 * same load balancer becomes the loopback port that serves it. AWS's placeholders are #{protocol}, #{host}, #{port}, #{path} and #{query}.
 */
export function renderLocations(
  redirect: Extract<ActionView, { type: "redirect" }>,
  listener: {
    readonly protocol: string;
    readonly port: number;
    readonly siblings: Readonly<Record<string, number>>;
  },
): { readonly location: string; readonly loopbackLocation: string } {
  const protocol = redirect.protocol === "#{protocol}" ? listener.protocol : redirect.protocol;
  const port = redirect.port === "#{port}" ? String(listener.port) : redirect.port;
  const published = redirect.host === "#{host}" ? listener.siblings[port] : undefined;
  const query = redirect.query === "" ? "" : `?${redirect.query}`;
  const unchanged = redirect.path === "/#{path}" && redirect.query === "#{query}";
  const target = unchanged ? "%[pathq]" : fill(`${redirect.path}${query}`);
  const at = (place: string | number) =>
    `${protocol.toLowerCase()}://${fill(redirect.host)}:${place}${target}`;
  return { location: at(port), loopbackLocation: at(published ?? port) };
}

/** One word of a configuration line. Between single quotes HAProxy reads every character literally. */
export function quoteWord(text: string): string {
  return `'${text.replaceAll(/[\0\r\n]/g, "").replaceAll("'", () => `'"'"'`)}'`;
}

/** A lookahead for each condition: any of its values may match. AWS compares paths and methods case-sensitively, the rest not. */
function renderCondition(condition: ConditionView): string | null {
  switch (condition.field) {
    case "http-request-method":
      return condition.values.length === 0 ? null : `(?=${either(condition.values, "")}${space})`;
    case "host-header":
      return condition.values.length === 0
        ? null
        : String.raw`(?=\S+${space}(?i:${either(condition.values, String.raw`\S`)})${space})`;
    case "path-pattern":
      return condition.values.length === 0
        ? null
        : String.raw`(?=\S+${space}\S*${space}${either(condition.values, String.raw`[^?\n]`)}\?)`;
    case "query-string": {
      const pairs = condition.pairs.map(
        ({ key, value }) => `${wildcard(key ?? "*", "[^=&\\n]")}=${wildcard(value, "[^&\\n]")}`,
      );
      return pairs.length === 0
        ? null
        : String.raw`(?=[^?\n]*\?(?:[^\n]*&)?(?i:${pairs.join("|")})(?:&|\n))`;
    }
    case "http-header": {
      const values = either(condition.values, String.raw`[^\r\n]`);
      return condition.values.length === 0
        ? null
        : String.raw`(?=[\s\S]*\n(?i:${literal(condition.name)}:\s*${values})\r?\n)`;
    }
    case "never":
      return null;
  }
}

function either(values: readonly string[], any: string): string {
  return `(?:${values.map((value) => wildcard(value, any)).join("|")})`;
}

/** AWS's wildcards: * is any text, ? one character. `any` matches one character; when it is empty there are no wildcards. */
function wildcard(pattern: string, any: string): string {
  if (any === "") return literal(pattern);
  return pattern
    .split(/([*?])/)
    .map((part) => (part === "*" ? `${any}*` : part === "?" ? any : literal(part)))
    .join("");
}

/** Escapes every byte with a meaning in regular expressions or map lines as its number. */
function literal(text: string): string {
  const bytes = [...Buffer.from(text, "utf8")];
  return bytes
    .map((byte) =>
      plain.test(String.fromCodePoint(byte))
        ? String.fromCodePoint(byte)
        : `\\x${byte.toString(16).padStart(2, "0")}`,
    )
    .join("");
}

function fill(text: string): string {
  return text
    .replaceAll("%", "%%")
    .replaceAll("#{host}", () => "%[req.hdr(host),field(1,:)]")
    .replaceAll("#{path}", () => "%[path,regsub(^/,)]")
    .replaceAll("#{query}", () => "%[query]");
}

const plain = /[A-Za-z0-9_/-]/;
const space = String.raw`\x20`;
