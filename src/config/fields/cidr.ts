export interface Cidr {
  /** First address as an unsigned 32-bit number. */
  readonly network: number;
  readonly prefix: number;
  /** With the host bits set to zero, as AWS stores it. */
  readonly canonical: string;
}

/** An IPv4 block such as 10.42.0.0/16; null when the text is not one. */
export function parseCidr(text: string): Cidr | null {
  const match = cidrPattern.exec(text);
  if (match === null) return null;
  const octets = match.slice(1, 5).map(Number);
  const prefix = Number(match[5]);
  if (prefix > 32 || octets.some((octet) => octet > 255)) return null;
  const address = octets.reduce((sum, octet) => sum * 256 + octet, 0);
  const size = 2 ** (32 - prefix);
  const network = address - (address % size);
  return { network, prefix, canonical: `${formatAddress(network)}/${prefix}` };
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  const size = 2 ** (32 - Math.min(a.prefix, b.prefix));
  return Math.floor(a.network / size) === Math.floor(b.network / size);
}

/** Whether each IPv4 address is in one of the blocks. */
export function coverEverything(blocks: readonly Cidr[]): boolean {
  let end = 0;
  for (const { network, prefix } of blocks.toSorted((a, b) => a.network - b.network)) {
    if (network > end) return false;
    end = Math.max(end, network + 2 ** (32 - prefix));
  }
  return end === 2 ** 32;
}

function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

// No leading zeros: some programs read 010 as eight.
const octet = "(0|[1-9][0-9]{0,2})";
export const cidrPattern = new RegExp(
  `^${octet}\\.${octet}\\.${octet}\\.${octet}/(0|[1-9][0-9]?)$`,
);
