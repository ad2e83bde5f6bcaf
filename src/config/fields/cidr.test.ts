import { BlockList } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { coverEverything, overlaps, parseCidr, type Cidr } from "./cidr.ts";

test.each([
  ["10.42.0.0/16", "10.42.0.0/16"],
  ["10.42.7.9/16", "10.42.0.0/16"],
  ["255.255.255.255/32", "255.255.255.255/32"],
  ["203.0.113.77/0", "0.0.0.0/0"],
  ["172.31.255.255/12", "172.16.0.0/12"],
])("%s is the block %s", (text, canonical) => {
  expect(parseCidr(text)?.canonical).toBe(canonical);
});

test.each([
  "10.0.0.0",
  "10.0.0.0/33",
  "10.0.0/8",
  "256.0.0.0/8",
  "010.0.0.0/8",
  "10.0.0.0/08",
  "::/0",
  "",
])("%s is no block", (text) => {
  expect(parseCidr(text)).toBeNull();
});

test("overlap is what Node's own block list says of it", () => {
  fc.assert(
    fc.property(block, block, (a, b) => {
      // Blocks overlap when the wider one holds the other's first address.
      const [wide, narrow] = a.prefix < b.prefix ? [a, b] : [b, a];
      const list = new BlockList();
      list.addSubnet(addressOf(wide), wide.prefix);
      expect(overlaps(a, b)).toBe(list.check(addressOf(narrow)));
      expect(overlaps(b, a)).toBe(overlaps(a, b));
    }),
  );
});

function addressOf({ canonical }: Cidr): string {
  return canonical.split("/")[0] ?? "";
}

// Few distinct addresses, so that overlaps are common.
const part = fc.constantFrom(0, 1, 10, 127, 128, 255);
const block = fc
  .tuple(part, part, part, part, fc.integer({ min: 1, max: 32 }))
  .map(([a, b, c, d, prefix]) => parseCidr(`${a}.${b}.${c}.${d}/${prefix}`))
  .filter((parsed) => parsed !== null);

test.each([
  [["0.0.0.0/0"], true],
  [["128.0.0.0/1", "0.0.0.0/1"], true],
  [["10.0.0.0/8", "0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/2"], true],
  [["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"], false],
  [["0.0.0.1/32", "128.0.0.0/1"], false],
  [[], false],
])("whether %j are everything: %s", (texts: readonly string[], expected) => {
  expect(coverEverything(texts.flatMap((text) => parseCidr(text) ?? []))).toBe(expected);
});
