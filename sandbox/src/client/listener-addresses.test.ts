import { expect, test } from "vitest";
import { curlLine, destinationOf, isLoopback } from "./listener-addresses.ts";

const addresses = {
  "api.example.com": { "80": 20080, "443": 20443 },
  "203.0.113.7": { "80": "10.213.0.12:80" },
  "203.0.113.8": {},
};
const loopback = (port: string) => ({ hostname: "127.0.0.1", port });

test.each([
  ["https://api.example.com/healthz", loopback("20443")],
  ["http://api.example.com/healthz", loopback("20080")],
  ["http://api.example.com:443/", loopback("20443")],
  ["https://api.example.com:8443/", "refused"],
  ["https://www.example.com/", undefined],
  ["http://203.0.113.7/", { hostname: "10.213.0.12", port: "80" }],
  ["https://203.0.113.7/", "refused"],
  ["http://203.0.113.8/", "refused"],
])("%s is served by %j", (url, destination) => {
  expect(destinationOf(addresses, new URL(url))).toEqual(destination);
});

test("an Elastic IP address has a shell line while it leads to an instance", () => {
  expect(curlLine(addresses, "/ca.crt", new URL("http://203.0.113.7/healthz"))).toBe(
    "curl --cacert /ca.crt --connect-to 203.0.113.7:80:10.213.0.12:80 http://203.0.113.7/healthz",
  );
  expect(curlLine(addresses, "/ca.crt", new URL("http://203.0.113.8/"))).toBeUndefined();
});

test("the shell line sends the host's ports to the sandbox, redirects included", () => {
  expect(curlLine(addresses, "/home/ann/ca.crt", new URL("https://api.example.com"))).toBe(
    "curl --cacert /home/ann/ca.crt --connect-to api.example.com:80:127.0.0.1:20080 --connect-to api.example.com:443:127.0.0.1:20443 https://api.example.com/",
  );
});

test("a folder with a space stays one word, and an unknown host has no line", () => {
  const url = new URL("https://api.example.com");
  expect(curlLine(addresses, "/home/ann lee's/ca.crt", url)).toContain(
    String.raw`--cacert '/home/ann lee'\''s/ca.crt'`,
  );
  expect(curlLine({}, "/ca.crt", url)).toBeUndefined();
});

test.each(["127.0.0.1", "localhost", "[::1]"])("%s is this machine", (host) => {
  expect(isLoopback(host)).toBe(true);
});

test("a domain that begins like a loopback address is not this machine", () => {
  expect(isLoopback("127.example.com")).toBe(false);
});
