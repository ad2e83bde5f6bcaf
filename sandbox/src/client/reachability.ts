import type { Weather } from "./weather-text.ts";

/** `unreachable`: what this machine does not reach, while users do. */
export type Obstacle = "name" | "address" | null;

/** How a request finds its load balancer: by the name in its address, or by the load balancer's own name. */
export type Way = "name" | "load-balancer";

/** What stands in the way of a request, under this weather. */
export function obstacleOf(weather: Weather, way: Way): Obstacle {
  const what = weather["unreachable"];
  if (what === "address") return "address";
  return what === undefined || way === "load-balancer" ? null : "name";
}

/** As Node's resolver reports a name that has no address. */
export function unknownName(hostname: string): Error {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
    code: "ENOTFOUND",
    syscall: "getaddrinfo",
    hostname,
  });
}

/** As Node reports a host that does not answer. */
export function noAnswer(hostname: string): Error {
  return Object.assign(new Error(`connect ETIMEDOUT ${hostname}`), {
    code: "ETIMEDOUT",
    syscall: "connect",
  });
}

/** As Node reports a host where nothing listens at the port. */
export function refusal(hostname: string, port: string): Error {
  return Object.assign(new Error(`connect ECONNREFUSED ${hostname}:${port}`), {
    code: "ECONNREFUSED",
    syscall: "connect",
  });
}
