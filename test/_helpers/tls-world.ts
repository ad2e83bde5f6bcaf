import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** A network whose only way out is a proxy, with servers that its own authority has signed. */
export interface TlsWorld {
  /** The authority's file. */
  readonly bundle: string;
  /** What a server of one of the names needs. */
  readonly identity: { readonly key: Buffer; readonly cert: Buffer };
  readonly proxy: string;
  /** What the proxy was asked for, such as `CONNECT aws.example.com:443` or `GET http://app.example.com/health`. */
  readonly asked: string[];
  /** Answers of the proxy itself: 200 makes the connection. */
  status: number;
  readonly close: () => Promise<void>;
}

/** `names`: of the servers, all of which `handle` answers for. */
export async function openTlsWorld(
  names: readonly string[],
  handle: RequestListener,
): Promise<TlsWorld> {
  const folder = await mkdtemp(join(tmpdir(), "tls-world-"));
  await makeCertificates(folder, names);
  const identity = {
    key: await readFile(join(folder, "server.key")),
    cert: await readFile(join(folder, "server.crt")),
  };
  const secure = createTlsServer(identity, handle);
  const plain = createServer(handle);
  const ports = { secure: await listen(secure), plain: await listen(plain) };
  const asked: string[] = [];
  const proxy = createServer((request, answer) => {
    asked.push(`${request.method} ${request.url}`);
    handle(request, answer);
  });
  const world: TlsWorld = {
    bundle: join(folder, "ca.crt"),
    identity,
    proxy: `http://127.0.0.1:${await listen(proxy)}`,
    asked,
    status: 200,
    close: async () => {
      for (const server of [secure, plain, proxy]) {
        server.closeAllConnections();
        server.close();
      }
      await rm(folder, { recursive: true });
    },
  };
  proxy.on("connect", (request, client) => {
    asked.push(`CONNECT ${request.url}`);
    client.on("error", () => undefined);
    if (world.status !== 200) {
      client.end(`HTTP/1.1 ${world.status} Refused\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    const port = request.url?.endsWith(":80") === true ? ports.plain : ports.secure;
    const server = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      server.pipe(client).pipe(server);
    });
    server.on("error", () => client.destroy());
  });
  return world;
}

async function listen(server: Server | ReturnType<typeof createTlsServer>): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

async function makeCertificates(folder: string, names: readonly string[]): Promise<void> {
  const run = async (...args: string[]) => promisify(execFile)("openssl", args, { cwd: folder });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await run(
    ...["req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.crt", "-days", "2"],
    ...["-subj", "/CN=A private authority"],
  );
  await run(
    ...["req", "-x509", ...key, "-keyout", "server.key", "-out", "server.crt", "-days", "2"],
    ...["-subj", `/CN=${names[0]}`, "-CA", "ca.crt", "-CAkey", "ca.key"],
    ...["-addext", `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`],
    ...["-addext", "basicConstraints=critical,CA:FALSE"],
  );
}
