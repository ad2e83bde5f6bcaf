import { expect, test } from "vitest";
import * as z from "zod/mini";
import { configFile } from "../config.ts";
import { settle } from "../settle.ts";

const names = (count: number) =>
  Array.from({ length: count }, (_, index) => `n${index}.example.com`);

test.each([
  [{ domain: "api.example.com" }, true],
  [{ domain: names(10) }, true],
  [{ domain: names(11) }, false],
  [{ domain: [] }, false],
  [{ domain: ["API.example.com"] }, false],
  [{ response_headers: { strict_transport_security: "off", frame_options: "SAMEORIGIN" } }, true],
  [{ response_headers: { strict_transport_security: "max-age=60; includeSubDomains" } }, true],
  [{ response_headers: { strict_transport_security: "max-age=1y" } }, false],
  [{ response_headers: { frame_options: "ALLOWALL" } }, false],
  [{ response_headers: { content_security_policy: "default-src 'none'\n" } }, false],
])("%j is allowed: %s", (settings, allowed) => {
  const file = { name: "app", region: "eu-central-1", zone: "example.com", ...settings };
  expect(z.safeParse(configFile, file).success).toBe(allowed);
});

test("off is no header, and one domain is a list of one", () => {
  const settings = {
    domain: "api.example.com",
    response_headers: { frame_options: "off" },
  } as const;
  expect(settle("app", "production", "eu-central-1", settings)).toMatchObject({
    domains: ["api.example.com"],
    responseHeaders: {
      strictTransportSecurity: "max-age=31536000",
      contentTypeOptions: "nosniff",
      frameOptions: null,
    },
  });
});
