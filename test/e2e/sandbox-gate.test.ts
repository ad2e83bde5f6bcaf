import { createConnection } from "node:net";
import { join } from "node:path";
import { stat } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { askBalancer } from "../../sandbox/src/containers/balancer-api.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";
import { startSandbox } from "../../sandbox/src/lifecycle/start.ts";
import { createSandboxHome, eventually, type SandboxHome } from "../_helpers/sandbox-home.ts";
import { createStack, type Stack } from "../_helpers/sandbox-stack.ts";

const name = "e2e-gate";
let home: SandboxHome;
let state: SandboxState;
let stack: Stack;
let instance: string;

beforeAll(async () => {
  home = await createSandboxHome();
  state = await startSandbox(home.deps, { name, region: "us-east-1" });
  stack = await createStack(state);
  await stack.scale("blue", 1);
  const [id] = await eventually(
    () => stack.members("blue"),
    (members) => members.length === 1,
  );
  instance = `infer-deploy-${name}-${id}`;
  await eventually(
    () => stack.health("blue"),
    (health) => health.join() === `${id} healthy`,
  );
});

afterAll(() => home.remove(name));

const refused = {
  emulator: 403,
  listeners: 403,
  balancer: "",
  registry: 401,
  "registry over TLS": 401,
};

test("an instance gives no orders without its role's key", async () => {
  expect(await probe("python3", "-c")).toEqual({ ...refused, metadata: 200 });
});

test("nor does an application, which cannot ask for that key either", async () => {
  // Where Docker puts a container: behind docker0, in its own network namespace.
  await home.docker(
    ...["exec", instance, "sh", "-ec"],
    `ip netns add app
     ip link add app0 type veth peer name eth0 netns app
     ip link set app0 master docker0 up
     ip -n app addr add 198.18.0.200/24 dev eth0
     ip -n app link set eth0 up
     ip -n app route add default via 198.18.0.1`,
  );
  expect(await probe("ip", "netns", "exec", "app", "python3", "-c")).toEqual({
    ...refused,
    metadata: "",
  });
});

test("nor does another user of this machine, who sees the ports", async () => {
  expect(await sayTo(state.balancer.runtimePort, "show info\n")).toBe("");
  const other = { ...state, key: state.key.replace(/.$/, "x") };
  expect(await askBalancer(other, "show info").catch(() => "")).toBe("");
  expect((await fetch(`http://${state.registry}/v2/`)).status).toBe(401);
  expect((await fetch(`${state.endpoint}/_sandbox/listeners`)).status).toBe(403);
  expect((await stat(join(home.folder(name), "state.json"))).mode & 0o077).toBe(0);
});

test("the key is in no container's command line and in no file that an instance has", async () => {
  const seen = await home.docker("exec", instance, "sh", "-c", "env; cat /proc/1/environ");
  expect(seen).not.toContain(state.key);
  expect(seen).not.toContain(state.registryPassword);
});

/** What each part answers to a request from inside the instance: a status, or what came over the connection. */
async function probe(...command: string[]): Promise<Readonly<Record<string, unknown>>> {
  const prefix = state.network.gateway.replace(/\.1$/, "");
  const script = `
import json, socket, ssl, urllib.request, urllib.error
def status(url, method="GET", headers={}):
  try: return urllib.request.urlopen(urllib.request.Request(url, method=method, headers=headers), timeout=3, context=ssl._create_unverified_context() if url.startswith("https") else None).status
  except urllib.error.HTTPError as error: return error.code
  except OSError as error: return ""
def say(host, port):
  with socket.create_connection((host, port), 3) as s:
    try:
      s.sendall(b"show info\\n")
      return s.recv(100).decode()
    except OSError: return ""
print(json.dumps({
  "emulator": status("http://${prefix}.2:5000/?Action=RunInstances", "POST"),
  "listeners": status("http://${prefix}.2:5000/_sandbox/listeners"),
  "balancer": say("${prefix}.4", 9999),
  "registry": status("http://${prefix}.3:5000/v2/"),
  "registry over TLS": status("https://${prefix}.3/v2/"),
  "metadata": status("http://${prefix}.2:1338/latest/api/token", "PUT", {"X-aws-ec2-metadata-token-ttl-seconds": "60"}),
}))`;
  return JSON.parse(await home.docker("exec", instance, ...command, script)) as Readonly<
    Record<string, unknown>
  >;
}

function sayTo(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket = createConnection({ host: "127.0.0.1", port }, () => socket.write(text));
    socket.setTimeout(3000, () => socket.destroy());
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
  });
}
