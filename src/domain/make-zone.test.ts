import { expect, test } from "vitest";
import type { HostedZone } from "../aws/dns/hosted-zones.ts";
import { makeZone } from "./make-zone.ts";

/** An account with these zones. */
function account(names: readonly string[]) {
  const zones = [...names];
  const notes: unknown[] = [];
  const zoneOf = (name: string): HostedZone => ({
    id: "Z1",
    name,
    isPrivate: false,
    nameServers: [],
  });
  const make = async (zone: string | null) =>
    makeZone(
      { zone },
      {
        zones: async (name) => zones.filter((one) => one === name).map(zoneOf),
        create: async (name) => {
          zones.push(name);
          return zoneOf(name);
        },
      },
      { notify: (event) => notes.push(event) },
    );
  return { make, zones, notes };
}

test("a zone is made once, and its price is said", async () => {
  const { make, zones, notes } = account(["other.com"]);
  await make("example.com");
  await make("example.com");
  expect(zones).toEqual(["other.com", "example.com"]);
  expect(notes).toEqual([
    {
      type: "note",
      text: "made the Route53 zone example.com (Z1), 0.50 USD a month; destroy leaves it, because other records may be in it",
    },
  ]);
});

test("neither a configuration without a zone nor an id can be made", async () => {
  const { make, zones } = account([]);
  await expect(make(null)).rejects.toMatchObject({ exitCode: 64, where: "--make-zone" });
  await expect(make("Z0123456789ABC")).rejects.toMatchObject({
    exitCode: 64,
    why: "it is an id, which Route53 gives a zone when it makes it",
  });
  expect(zones).toEqual([]);
});
