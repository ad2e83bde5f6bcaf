import { expect, test } from "vitest";
import { regions } from "../../../src/config/fields/regions.ts";
import { registryHost, registryHosts } from "./sandbox-names.ts";

test("the registry has a host name in every region that a configuration may name", () => {
  const hosts = registryHosts("123456789012");
  for (const region of regions) {
    expect(hosts).toContain(registryHost("123456789012", region));
  }
});
