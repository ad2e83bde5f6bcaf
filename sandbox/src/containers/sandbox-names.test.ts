import { expect, test } from "vitest";
import { regions } from "../../../src/config/schema/regions.ts";
import { registryHost, registryHosts } from "./sandbox-names.ts";

test("the registry has a name in every region that a configuration can be for", () => {
  const hosts = registryHosts("123456789012");
  for (const region of regions) {
    expect(hosts).toContain(registryHost("123456789012", region));
  }
});
