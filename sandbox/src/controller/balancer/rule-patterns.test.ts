import fc from "fast-check";
import { expect, test } from "vitest";
import type { ConditionView } from "../observe/region-view.ts";
import { quoteWord, renderLocations, renderPattern } from "./rule-patterns.ts";

/** HAProxy's text for a request: the first line, then a header a line. */
function request(
  method: string,
  host: string,
  path: string,
  query = "",
  headers: readonly string[] = [],
): string {
  return `${method} ${host} ${path}?${query}\n${[`host: ${host}`, ...headers].map((line) => `${line}\r\n`).join("")}\r\n`;
}

/** PCRE and JavaScript agree on everything that the patterns use. */
function holds(conditions: readonly ConditionView[], text: string): boolean {
  const pattern = renderPattern(conditions);
  return pattern !== null && new RegExp(pattern).test(text);
}

const get = request("GET", "api.example.com", "/v1/embeddings", "model=mini&n=2", [
  "x-probe: a.b",
  "accept: text/html, */*",
]);

test.each([
  [{ field: "path-pattern", values: ["/v1/*"] }, true],
  [{ field: "path-pattern", values: ["/v1/embeddings"] }, true],
  [{ field: "path-pattern", values: ["/v?/*"] }, true],
  [{ field: "path-pattern", values: ["/v2/*", "/v1/*"] }, true],
  [{ field: "path-pattern", values: ["/v1"] }, false],
  [{ field: "path-pattern", values: ["/V1/*"] }, false],
  [{ field: "path-pattern", values: ["*model*"] }, false],
  [{ field: "host-header", values: ["API.example.com"] }, true],
  [{ field: "host-header", values: ["*.example.com"] }, true],
  [{ field: "host-header", values: ["api-example-com", "api?example?org"] }, false],
  [{ field: "http-request-method", values: ["POST", "GET"] }, true],
  [{ field: "http-request-method", values: ["get", "GE"] }, false],
  [{ field: "http-header", name: "X-Probe", values: ["A.B"] }, true],
  [{ field: "http-header", name: "x-probe", values: ["a?b", "c"] }, true],
  [{ field: "http-header", name: "x-probe", values: ["a.", "axb"] }, false],
  [{ field: "http-header", name: "probe", values: ["*"] }, false],
  [{ field: "http-header", name: "accept", values: ["*html*"] }, true],
  [{ field: "query-string", pairs: [{ key: "model", value: "m*" }] }, true],
  [{ field: "query-string", pairs: [{ key: "n", value: "2" }] }, true],
  [{ field: "query-string", pairs: [{ key: null, value: "2" }] }, true],
  [{ field: "query-string", pairs: [{ key: "m", value: "*" }] }, false],
  [{ field: "query-string", pairs: [{ key: "n", value: "22" }] }, false],
] as const satisfies readonly (readonly [ConditionView, boolean])[])(
  "%j: %s",
  (condition, expected) => {
    expect(holds([condition], get)).toBe(expected);
  },
);

test("all conditions of a rule must match", () => {
  const path = { field: "path-pattern", values: ["/v1/*"] } as const;
  expect(holds([path, { field: "http-request-method", values: ["GET"] }], get)).toBe(true);
  expect(holds([path, { field: "http-request-method", values: ["PUT"] }], get)).toBe(false);
});

test("a condition that is unknown or has no value never matches", () => {
  expect(renderPattern([{ field: "never" }])).toBeNull();
  expect(renderPattern([{ field: "path-pattern", values: [] }])).toBeNull();
  expect(renderPattern([{ field: "http-header", name: "x", values: [] }])).toBeNull();
});

test("text like a header in the path or in another header's value is not a header", () => {
  const sly = request("GET", "h", "/\\nx-probe:%201", "x-probe:1", ["other: x-probe: 1"]);
  expect(holds([{ field: "http-header", name: "x-probe", values: ["1"] }], sly)).toBe(false);
});

test("the pattern of any value is one word, and matches that value but not a longer one", () => {
  const value = fc
    .string({ minLength: 1, maxLength: 30, unit: "grapheme-ascii" })
    .filter((text) => !/[*?\s]/.test(text));
  fc.assert(
    fc.property(value, (text) => {
      const condition = { field: "http-header", name: "x-value", values: [text] } as const;
      expect(renderPattern([condition])).toMatch(/^[!-~]+$/);
      expect(holds([condition], request("GET", "h", "/", "", [`x-value: ${text}`]))).toBe(true);
      expect(holds([condition], request("GET", "h", "/", "", [`x-value: ${text}x`]))).toBe(false);
    }),
  );
});

test("a value cannot break out of its quotes or its line", () => {
  expect(quoteWord("it's")).toBe(`'it'"'"'s'`);
  expect(quoteWord("a\nacl x\r\0b")).toBe("'aacl xb'");
});

const listener = { protocol: "HTTP", port: 80, siblings: { "80": 20_080, "443": 20_443 } };
const redirect = {
  type: "redirect",
  status: 301,
  protocol: "HTTPS",
  host: "#{host}",
  port: "443",
  path: "/#{path}",
  query: "#{query}",
} as const;

test("the usual redirect to HTTPS leads to the port itself, or for a loopback address to the port that serves it", () => {
  expect(renderLocations(redirect, listener)).toEqual({
    location: "https://%[req.hdr(host),field(1,:)]:443%[pathq]",
    loopbackLocation: "https://%[req.hdr(host),field(1,:)]:20443%[pathq]",
  });
});

test("a redirect elsewhere keeps its host and port", () => {
  const elsewhere = { ...redirect, host: "example.com", path: "/new/#{path}", query: "from=100%" };
  const location = "https://example.com:443/new/%[path,regsub(^/,)]?from=100%%";
  expect(renderLocations(elsewhere, listener)).toEqual({ location, loopbackLocation: location });
});

test("a redirect within the listener keeps protocol and port", () => {
  const within = { ...redirect, protocol: "#{protocol}", port: "#{port}", path: "/x", query: "" };
  expect(renderLocations(within, listener)).toEqual({
    location: "http://%[req.hdr(host),field(1,:)]:80/x",
    loopbackLocation: "http://%[req.hdr(host),field(1,:)]:20080/x",
  });
});
