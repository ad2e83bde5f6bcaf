import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { repository, runCli } from "../_helpers/cli.ts";
import { openTlsWorld, type TlsWorld } from "../_helpers/tls-world.ts";

/** A network whose only way out is a proxy, and that signs what passes with its own authority. */
let folder: string;
let world: TlsWorld;

beforeAll(async () => {
  world = await openTlsWorld(
    ["aws.example.com", "*.aws.example.com", "app.example.com"],
    (request, answer) => {
      void text(request).then((body) => {
        if (!body.includes("Action=GetCallerIdentity")) {
          const isHealth = request.url?.endsWith("/health") === true;
          answer.statusCode = isHealth ? 200 : 404;
          answer.end(isHealth ? "{}" : "<Error><Code>NoSuchKey</Code></Error>");
          return;
        }
        answer.setHeader("content-type", "text/xml");
        answer.end(
          `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>A</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
        );
      });
    },
  );
});

afterAll(async () => world.close());

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "network-"));
  await writeFile(join(folder, "infer-deploy.yml"), "name: app\nregion: eu-west-1\n");
  world.asked.length = 0;
  world.status = 200;
});

afterEach(async () => rm(folder, { recursive: true }));

test.each(["HTTPS_PROXY", "https_proxy"])("calls of AWS go by %s", async (variable) => {
  const result = await status({ [variable]: world.proxy, AWS_CA_BUNDLE: world.bundle });
  expect(result.stderr).toContain("app (production) is not deployed in eu-west-1.");
  expect(world.asked).toContain("CONNECT aws.example.com:443");
  // STS, and the bucket by its own name.
  expect(world.asked.length).toBeGreaterThan(1);
  for (const asked of world.asked) {
    expect(asked).toMatch(/^CONNECT ([\w-]+\.)?aws\.example\.com:443$/);
  }
});

test.each([
  ["AWS_CA_BUNDLE", async () => ({ AWS_CA_BUNDLE: world.bundle })],
  ["NODE_EXTRA_CA_CERTS", async () => ({ NODE_EXTRA_CA_CERTS: world.bundle })],
  [
    "ca_bundle of the profile",
    async () => {
      const config = join(folder, "config");
      const profile = `[profile work]\naws_access_key_id = a\naws_secret_access_key = b\nca_bundle = ${world.bundle}\n`;
      await writeFile(config, profile);
      return { AWS_CONFIG_FILE: config, AWS_PROFILE: "work" };
    },
  ],
])("a private authority is trusted by %s", async (_, env) => {
  const result = await status({ HTTPS_PROXY: world.proxy, ...(await env()) });
  expect(result.stderr).toContain("app (production) is not deployed in eu-west-1.");
});

test("without it, the error is about the certificate and names the variable", async () => {
  const result = await status({ HTTPS_PROXY: world.proxy });
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toMatch(
    /^✖ AWS cannot be reached in eu-west-1: the certificate of AWS's address is not trusted here \(\w+\)\.\n/,
  );
  expect(result.stderr).toContain("AWS_CA_BUNDLE=/path/to/ca.pem");
  expect(result.seconds).toBeLessThan(5);
});

test("a file of authorities that is not there is named", async () => {
  const result = await status({ HTTPS_PROXY: world.proxy, AWS_CA_BUNDLE: "/nowhere/ca.pem" });
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain("AWS_CA_BUNDLE names a file that cannot be read.");
  expect(result.stderr).toContain("/nowhere/ca.pem");
});

test("NO_PROXY is respected", async () => {
  const result = await status({ HTTPS_PROXY: world.proxy, NO_PROXY: ".example.com" });
  expect(result.exitCode).toBe(64);
  // Nothing in this network knows the name.
  expect(result.stderr).toContain("aws.example.com does not resolve here");
  expect(world.asked).toEqual([]);
});

test.each([
  [407, "wants a name and a password (407)"],
  [403, "refuses the connection (status 403)"],
])("a proxy that answers %i is named, without its password", async (code, why) => {
  world.status = code;
  const proxy = world.proxy.replace("//", "//ada:secret@");
  const result = await status({ HTTPS_PROXY: proxy, AWS_CA_BUNDLE: world.bundle });
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain(
    `AWS cannot be reached in eu-west-1: the proxy ${new URL(world.proxy).host} (HTTPS_PROXY) ${why}.`,
  );
  expect(result.stderr).not.toContain("secret");
  expect(result.seconds).toBeLessThan(5);
});

test("a proxy that is not there is named", async () => {
  const result = await status({ https_proxy: "http://127.0.0.1:9" });
  expect(result.exitCode).toBe(64);
  expect(result.stderr).toContain(
    "the proxy 127.0.0.1:9 (https_proxy) cannot be reached (ECONNREFUSED).",
  );
});

test("requests to the stack's address go by the proxy too, and those to this machine do not", async () => {
  const own = createServer((_, answer) => answer.end("own"));
  await new Promise<void>((resolve) => {
    own.listen(0, "127.0.0.1", resolve);
  });
  const here = `http://127.0.0.1:${(own.address() as { readonly port: number }).port}/`;
  const script = `
    const { createFetch } = await import(${JSON.stringify(join(repository, "src/network/proxied-fetch.ts"))});
    const fetch = createFetch(process.env);
    for (const url of ["https://app.example.com/health", "http://app.example.com/health", ${JSON.stringify(here)}]) {
      const { status } = await fetch(new URL(url), { redirect: "manual", signal: AbortSignal.timeout(5000) });
      console.log(status);
    }
  `;
  await writeFile(join(folder, "ask.ts"), script);
  const env = {
    HTTPS_PROXY: world.proxy,
    HTTP_PROXY: world.proxy,
    AWS_CA_BUNDLE: world.bundle,
  };
  const result = await run([join(folder, "ask.ts")], env);
  own.closeAllConnections();
  own.close();
  expect(result).toMatchObject({ stderr: "", stdout: "200\n200\n200\n" });
  expect(world.asked).toEqual(["CONNECT app.example.com:443", "GET http://app.example.com/health"]);
});

async function status(env: Record<string, string>) {
  return runCli(["status"], { cwd: folder, env: { ...environment(), ...env } });
}

async function run(args: readonly string[], env: Record<string, string>) {
  return new Promise<{ readonly stdout: string; readonly stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      [...args],
      { cwd: folder, env: { ...environment(), ...env } },
      (_, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });
}

function environment(): Record<string, string> {
  return {
    PATH: process.env["PATH"] ?? "",
    HOME: folder,
    AWS_ACCESS_KEY_ID: "a",
    AWS_SECRET_ACCESS_KEY: "b",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: "https://aws.example.com",
  };
}
