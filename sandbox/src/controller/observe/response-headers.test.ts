import { expect, test } from "vitest";
import { readResponseHeaders } from "./response-headers.ts";

test("only attributes with a value are headers", () => {
  const attributes = {
    "routing.http.response.server.enabled": "true",
    "routing.http.response.strict_transport_security.header_value": "max-age=60",
    "routing.http.response.x_frame_options.header_value": "",
    "routing.http.request.x_amzn_tls_version.header_name": "tls",
  };
  expect(readResponseHeaders(attributes)).toEqual({ "strict-transport-security": "max-age=60" });
});
