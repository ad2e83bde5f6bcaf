import { execa } from "execa";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request as ask, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { docker, sandboxImages } from "./instance-containers.ts";
import type { SingleMachine } from "./single-machine.ts";

/** well; busy: 429 to new orders; down: 503 to everything; silent: new orders are not answered. */
export type AuthorityMood = "well" | "busy" | "down" | "silent";

export interface SingleAuthority {
  /** Its directory, as an instance of the network reaches it. */
  readonly url: string;
  readonly behave: (mood: AuthorityMood) => void;
  /** Requests so far, by path. */
  readonly asked: (path: "/order-plz" | "/sign-me-up") => number;
  readonly certificateSeconds: (seconds: number) => Promise<void>;
  readonly remove: () => Promise<void>;
}

/**
 * The region's certificate authority in the network of a single machine's test, behind a proxy with moods, which the machine trusts.
 * `names`: the addresses of each.
 */
export async function startAuthority(
  { exec, name: network }: Pick<SingleMachine, "exec" | "name">,
  names: Readonly<Record<string, readonly string[]>>,
): Promise<SingleAuthority> {
  const folder = await mkdtemp(join(tmpdir(), "infer-deploy-authority-"));
  const container = `${network}-authority`;
  const { region } = await sandboxImages();
  await writeFile(join(folder, "names.json"), JSON.stringify({ addresses: names }));
  await writeFile(join(folder, "authority.json"), "{}");
  await docker(
    ...["run", "--detach", "--name", container, "--network", network],
    ...["--publish", "127.0.0.1:0:14000", "--volume", `${folder}:/settings:ro`],
    ...["--entrypoint", "authority-engine", region, "/settings", "/tmp", "0.0.0.0:14000"],
  );
  const inside = (await docker("port", container, "14000/tcp")).split("\n")[0]?.split(":")[1];
  const gateway = await docker(
    ...["network", "inspect", network, "--format", "{{(index .IPAM.Config 0).Gateway}}"],
  );
  const asked: string[] = [];
  let mood: AuthorityMood = "well";
  const proxy = createServer(await trustedKeys(gateway, exec), (request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    if (mood === "down") return refuse(response, 503, "serverInternal", "down for maintenance");
    if (path === "/order-plz" && mood === "silent") return;
    if (path === "/order-plz" && mood === "busy") {
      return refuse(response, 429, "rateLimited", "too many new orders recently");
    }
    forward(request, response, Number(inside));
  });
  await new Promise<void>((resolve) => proxy.listen(0, "0.0.0.0", resolve));
  // It ends when no check comes for a minute.
  const checks = setInterval(() => {
    fetch(`http://127.0.0.1:${inside}/_check`).catch(() => undefined);
  }, 5000);
  return {
    url: `https://${gateway}:${(proxy.address() as AddressInfo).port}/dir`,
    behave: (wanted) => {
      mood = wanted;
    },
    asked: (path) => asked.filter((one) => one === path).length,
    certificateSeconds: async (seconds) => {
      await writeFile(
        join(folder, "authority.json"),
        JSON.stringify({ certificate_seconds: seconds }),
      );
      // It looks at its settings five times a second.
      await new Promise((resolve) => setTimeout(resolve, 1000));
    },
    remove: async () => {
      clearInterval(checks);
      proxy.closeAllConnections();
      proxy.close();
      await execa("docker", ["rm", "--force", container]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A key and a certificate for the address, made by the machine, which trusts it from Caddy's next start. */
async function trustedKeys(address: string, exec: SingleMachine["exec"]) {
  const place = "/usr/local/share/ca-certificates/authority.crt";
  const script = [
    "set -e",
    // Returns when user data has run to its end.
    "timeout 120 sh -c 'until systemctl start cloud-init.service 2>/dev/null; do sleep 1; done'",
    `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=authority -addext subjectAltName=IP:${address} -keyout /tmp/proxy.key -out ${place}`,
    "update-ca-certificates >&2",
    "systemctl try-restart infer-deploy-caddy",
    `cat /tmp/proxy.key ${place}`,
  ];
  const { exitCode, stderr, stdout } = await exec("sh", "-c", script.join("\n"));
  if (exitCode !== 0) throw new Error(stderr);
  const [key = "", cert = ""] = stdout.split(/(?=-----BEGIN CERTIFICATE)/);
  return { key, cert };
}

/** With the same Host, because the authority's links have it. */
function forward(request: IncomingMessage, response: ServerResponse, port: number): void {
  const { method, url: path } = request;
  const headers = { ...request.headers, "x-forwarded-proto": "https" };
  const onward = ask({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  request.pipe(onward);
}

/** Let's Encrypt's answers: RFC 8555, 6.6 and 6.7. */
function refuse(response: ServerResponse, status: number, type: string, detail: string): void {
  const body = JSON.stringify({ type: `urn:ietf:params:acme:error:${type}`, detail, status });
  const headers = { "content-type": "application/problem+json", "retry-after": "60" };
  response.writeHead(status, headers).end(body);
}
