/** Ports on which something listens. */
export interface Listening {
  /** On an address that the load balancer can reach. */
  readonly open: readonly number[];
  /** On 127.0.0.1 or ::1 only. */
  readonly inside: readonly number[];
}

/** `tables`: /proc/net/tcp and /proc/net/tcp6, one after the other (proc(5)). */
export function listeningPorts(tables: string): Listening {
  const open = new Set<number>();
  const inside = new Set<number>();
  for (const line of tables.split("\n")) {
    const [, local = "", , state] = line.trim().split(/\s+/);
    const [address = "", port = ""] = local.split(":");
    if (state !== listens || !/^[0-9A-F]+$/.test(port)) continue;
    (loopback.test(address) ? inside : open).add(Number.parseInt(port, 16));
  }
  const sorted = (ports: Set<number>) => [...ports].toSorted((a, b) => a - b);
  return { open: sorted(open), inside: sorted(inside).filter((port) => !open.has(port)) };
}

/** TCP_LISTEN. */
const listens = "0A";
/** 127.x.x.x, the same mapped into IPv6, and ::1, each in the machine's byte order. */
const loopback = /^(?:(?:0{16}FFFF0000)?.{6}7F|0{24}01000000)$/;
