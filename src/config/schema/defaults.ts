/** The value of a key that neither the file nor its environment sets, spelled as in the file. */
export const defaults = {
  topology: "fleet",
  image: { context: ".", dockerfile: "Dockerfile", port: 8080 },
  health: { path: "/healthz", interval: "5s", timeout: "120s", drain: "10s", fail_fast: true },
  version: { path: "/version", field: "version" },
  instances: { type: "t3.small", min: 2, max: 4, disk: 30 },
  network: { cidr: "10.42.0.0/16", zones: 2, egress: "nat", allow: ["0.0.0.0/0"] },
  logs: { retention: 30 },
  release: {
    strategy: "blue-green",
    bake: "2m",
    timeout: "30m",
    keep_previous: "10m",
    canary: { weight: 10, bake: "2m" },
    linear: { step: 20, interval: "1m" },
    rolling: { batch: 1 },
    probe: { method: "GET", status: 200, timeout: "5s", failures: 3, window: 10 },
  },
  alarms: { server_errors: 5, p99: "2s", unhealthy_hosts: 1 },
} as const;

/** The environment of a file that declares none. */
export const defaultEnvironment = "production";
