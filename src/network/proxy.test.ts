import { expect, test } from "vitest";
import { proxyFor, proxyText } from "./proxy.ts";

const aws = new URL("https://sts.eu-west-1.amazonaws.com/");

test.each([
  ["HTTPS_PROXY", { HTTPS_PROXY: "http://proxy:3128" }],
  ["https_proxy", { https_proxy: "http://proxy:3128" }],
  ["HTTPS_PROXY", { HTTPS_PROXY: "proxy:3128", https_proxy: "http://other:1" }],
])("an HTTPS address goes by %s", (variable, env) => {
  const proxy = proxyFor(aws, env);
  expect(proxy).toMatchObject({ variable });
  expect(proxy?.url.host).toBe("proxy:3128");
});

test("each scheme has its own variable, and an empty one counts as not set", () => {
  expect(proxyFor(aws, { HTTP_PROXY: "http://proxy:3128" })).toBeUndefined();
  expect(proxyFor(aws, { HTTPS_PROXY: "" })).toBeUndefined();
  const plain = new URL("http://load-balancer.example.com/health");
  expect(proxyFor(plain, { HTTP_PROXY: "http://proxy:3128" })?.variable).toBe("HTTP_PROXY");
  expect(proxyFor(plain, { HTTPS_PROXY: "http://proxy:3128" })).toBeUndefined();
});

test.each(["127.0.0.1", "127.1.2.3", "localhost", "app.localhost", "[::1]"])(
  "%s is always direct",
  (host) => {
    const env = { HTTP_PROXY: "http://proxy:3128", HTTPS_PROXY: "http://proxy:3128" };
    expect(proxyFor(new URL(`http://${host}:4566/`), env)).toBeUndefined();
    expect(proxyFor(new URL(`https://${host}/`), env)).toBeUndefined();
  },
);

test.each([
  ["*", true],
  ["amazonaws.com", true],
  [".amazonaws.com", true],
  ["*.amazonaws.com", true],
  ["sts.eu-west-1.amazonaws.com", true],
  ["example.com, AMAZONAWS.COM", true],
  ["amazonaws.com:443", true],
  ["amazonaws.com:8443", false],
  ["aws.com", false],
  ["example.com", false],
  [" , ", false],
])("NO_PROXY=%s exempts AWS: %s", (list, isDirect) => {
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const env = { HTTPS_PROXY: "http://proxy:3128", [name]: list };
    expect(proxyFor(aws, env) === undefined).toBe(isDirect);
  }
});

test.each(["socks5://proxy:1080", "http://", "::::"])(
  "%s is refused with the variable",
  (value) => {
    expect(() => proxyFor(aws, { https_proxy: value })).toThrow(
      "https_proxy does not name an HTTP proxy.",
    );
  },
);

test("the text has no password", () => {
  const proxy = proxyFor(aws, { HTTPS_PROXY: "http://ada:secret@proxy:3128" });
  expect(proxy && proxyText(proxy)).toBe("proxy:3128 (HTTPS_PROXY)");
});
