import type { ServiceRole } from "./sandbox-names.ts";

/**
 * We assign addresses, because Docker immediately reuses the address of a dead container:
 * the load balancer would then reach a new instance under the old one's name.
 */

/** `prefix` of "10.213.7.0/24" is "10.213.7". */
export function serviceAddress(subnet: string, role: ServiceRole): string {
  return `${prefixOf(subnet)}.${serviceHosts[role]}`;
}

export function gatewayAddress(subnet: string): string {
  return `${prefixOf(subnet)}.1`;
}

/** The first free address after `last`, wrapping around at the end; undefined when all are in use. */
export function nextInstanceAddress(
  subnet: string,
  used: ReadonlySet<string>,
  last: string | null,
): string | undefined {
  const after = last === null ? lastHost : Number(last.split(".")[3]);
  const count = lastHost - firstHost + 1;
  for (let step = 1; step <= count; step += 1) {
    const host = firstHost + ((after - firstHost + step + count) % count);
    const address = `${prefixOf(subnet)}.${host}`;
    if (!used.has(address)) return address;
  }
  return undefined;
}

function prefixOf(subnet: string): string {
  return subnet.split("/")[0]?.split(".").slice(0, 3).join(".") ?? "";
}

const serviceHosts: Readonly<Record<ServiceRole, number>> = {
  emulator: 2,
  registry: 3,
  balancer: 4,
};
const firstHost = 10;
const lastHost = 254;
