/** The first of our /24 ranges that overlaps none of `taken` (CIDR notation); undefined when all overlap. */
export function chooseSubnet(taken: readonly string[]): string | undefined {
  const ranges = taken.map(parseRange).filter((range) => range !== undefined);
  for (const block of blocks) {
    for (let third = 0; third < 256; third += 1) {
      const candidate = `${block}.${third}.0/24`;
      const range = parseRange(candidate);
      if (range !== undefined && !ranges.some((other) => overlap(range, other))) return candidate;
    }
  }
  return undefined;
}

/** The networks in Linux's /proc/net/route, whose addresses are little-endian hexadecimal. The default route is left out. */
export function parseRoutes(text: string): string[] {
  return text
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [, destination, , , , , , mask] = line.trim().split(/\s+/);
      if (destination === undefined || mask === undefined || mask === "00000000") return [];
      return [`${littleEndian(destination)}/${bits(mask)}`];
    });
}

interface Range {
  readonly first: number;
  readonly last: number;
}

function parseRange(cidr: string): Range | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)(?:\/(\d+))?$/.exec(cidr);
  if (match === null) return undefined;
  const value = match.slice(1, 5).reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const size = 2 ** (32 - Number(match[5] ?? "32"));
  const first = Math.floor(value / size) * size;
  return { first, last: first + size - 1 };
}

function overlap(one: Range, other: Range): boolean {
  return one.first <= other.last && other.first <= one.last;
}

function littleEndian(hex: string): string {
  return [6, 4, 2, 0].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(".");
}

function bits(mask: string): number {
  return Number.parseInt(mask, 16).toString(2).replaceAll("0", "").length;
}

// Private ranges that home networks, VPNs and Docker rarely use. The instances use 198.18.0.0/15 inside.
const blocks = ["10.213", "10.214", "172.29", "192.168"];
