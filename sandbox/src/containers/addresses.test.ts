import fc from "fast-check";
import { expect, test } from "vitest";
import { gatewayAddress, nextInstanceAddress, serviceAddress } from "./addresses.ts";

test("the region's services have fixed addresses", () => {
  expect(gatewayAddress("10.213.7.0/24")).toBe("10.213.7.1");
  expect(serviceAddress("10.213.7.0/24", "balancer")).toBe("10.213.7.4");
});

test("an address is not reused while others are free", () => {
  const first = nextInstanceAddress("10.0.0.0/24", new Set(), null);
  expect(first).toBe("10.0.0.10");
  expect(nextInstanceAddress("10.0.0.0/24", new Set(), "10.0.0.10")).toBe("10.0.0.11");
  expect(nextInstanceAddress("10.0.0.0/24", new Set(["10.0.0.10"]), "10.0.0.254")).toBe(
    "10.0.0.11",
  );
});

test("a full network has no address", () => {
  const all = new Set(Array.from({ length: 256 }, (_, host) => `10.0.0.${host}`));
  expect(nextInstanceAddress("10.0.0.0/24", all, "10.0.0.77")).toBeUndefined();
});

test("the next address is always free and never a service's", () => {
  const hosts = fc.uniqueArray(fc.integer({ min: 10, max: 254 }), { maxLength: 244 });
  fc.assert(
    fc.property(hosts, fc.option(fc.integer({ min: 10, max: 254 })), (used, last) => {
      const taken = new Set(used.map((host) => `10.0.0.${host}`));
      const address = nextInstanceAddress(
        "10.0.0.0/24",
        taken,
        last === null ? null : `10.0.0.${last}`,
      );
      expect(taken).not.toContain(address);
      expect(Number(address?.split(".")[3])).toBeGreaterThanOrEqual(10);
    }),
  );
});
