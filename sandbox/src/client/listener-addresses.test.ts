import { expect, test } from "vitest";
import { curlLine, isLoopback, loopbackPort } from "./listener-addresses.ts";

const addresses = { "api.example.com": { "80": 20080, "443": 20443 } };

test.each([
  ["https://api.example.com/healthz", 20443],
  ["http://api.example.com/healthz", 20080],
  ["http://api.example.com:443/", 20443],
  ["https://api.example.com:8443/", undefined],
  ["https://www.example.com/", undefined],
])("%s is served on %s", (url, port) => {
  expect(loopbackPort(addresses, new URL(url))).toBe(port);
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
