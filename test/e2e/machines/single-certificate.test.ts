import { execa } from "execa";
import { connect, type PeerCertificate } from "node:tls";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { AgentState } from "../../../src/state/reports/agent-state.ts";
import type { DoorReport } from "../../../src/state/reports/door-report.ts";
import { startAuthority, type SingleAuthority } from "../../_helpers/single-authority.ts";
import { bootSingle, type SingleMachine } from "../../_helpers/single-machine.ts";

/** What goes wrong with the certificate of one machine, on its real door and Caddy, with the region's authority. */
const domain = "api.example.com";
let machine: SingleMachine;
let authority: SingleAuthority;
let container: string;
let address: string;

beforeAll(async () => {
  machine = await bootSingle();
  container = `${machine.name}-instance`;
  const format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
  address = (await execa("docker", ["inspect", "--format", format, container])).stdout;
  authority = await startAuthority(machine, { [domain]: [address] });
});

afterAll(async () => {
  await authority?.remove();
  await machine?.remove();
});

test("the machine serves without a certificate", async () => {
  await machine.release("blue", 1);
  await machine.traffic({ weights: { blue: 100, green: 0 } });
  await expect
    .poll(async () => (await machine.reports<AgentState>("blue")).at(-1)?.state, patience)
    .toBe("healthy");
});

test("a refused order waits and says when it is made again, without asking again and again", async () => {
  authority.behave("busy");
  await authority.certificateSeconds(210);
  await machine.settings({ domains: [domain], authority: authority.url });
  await expect.poll(certificate, patience).toMatchObject({
    state: "waiting",
    not_after: null,
    problem: expect.stringContaining("rateLimited"),
    next_try: expect.stringMatching(/^20.*Z$/),
  });
  const first = authority.asked("/order-plz");
  await new Promise((resolve) => setTimeout(resolve, 20_000));
  expect(authority.asked("/order-plz")).toBe(first);
  authority.behave("well");
  await expect
    .poll(certificate, slowly)
    .toMatchObject({ state: "valid", problem: "", next_try: null });
  expect(await served()).toMatchObject({ status: 200, serial: (await certificate())?.serial });
});

test("while the authority is down, a renewal fails aloud and the old certificate serves", async () => {
  const { serial } = await served();
  authority.behave("down");
  await expect.poll(certificate, slowly).toMatchObject({
    state: "valid",
    problem: expect.stringMatching(/serverInternal|503/),
    next_try: expect.stringMatching(/^20.*Z$/),
  });
  expect(await served()).toMatchObject({ status: 200, serial });
});

test("a machine that is killed in its renewal comes back, and renews with the same account", async () => {
  const { serial } = await served();
  const orders = authority.asked("/order-plz");
  // The next certificate lasts.
  await authority.certificateSeconds(0);
  authority.behave("silent");
  await expect.poll(() => authority.asked("/order-plz"), slowly).toBeGreaterThan(orders);
  await restart();
  authority.behave("well");
  await expect.poll(certificate, slowly).toMatchObject({ state: "valid", problem: "" });
  await expect.poll(async () => (await served()).status, patience).toBe(200);
  expect((await served()).serial).not.toBe(serial);
  expect(authority.asked("/sign-me-up")).toBe(1);
});

test.each([
  ["the machine", async () => restart()],
  ["Caddy", async () => machine.exec("systemctl", "kill", "--signal=KILL", "infer-deploy-caddy")],
])(
  "%s is killed between the writes of a key and of its certificate: what was saved is there again",
  async (_, kill) => {
    const { serial } = await served();
    const orders = authority.asked("/order-plz");
    const key = `/var/lib/infer-deploy/caddy/storage/certificates/*/${domain}/${domain}.key`;
    const changed = `set -e; for key in ${key}; do openssl ecparam -genkey -name prime256v1 -noout >$key; done`;
    expect(await machine.exec("sh", "-c", changed)).toMatchObject({ exitCode: 0 });
    await kill();
    await expect.poll(async () => (await served()).status, slowly).toBe(200);
    expect((await served()).serial).toBe(serial);
    expect(authority.asked("/order-plz")).toBe(orders);
  },
);

async function restart(): Promise<void> {
  await execa("docker", ["kill", container]);
  await execa("docker", ["start", container]);
}

async function certificate(): Promise<DoorReport["certificate"] | undefined> {
  return (await machine.reports<DoorReport>("door")).at(-1)?.certificate;
}

/** What HTTPS answers, and by which certificate; status 0: nothing does. */
async function served(): Promise<{ readonly status: number; readonly serial: string }> {
  return new Promise((resolve) => {
    const options = { host: address, port: 443, servername: domain, rejectUnauthorized: false };
    const socket = connect({ ...options, timeout: 5000 }, () => {
      const { serialNumber } = socket.getPeerCertificate() as Partial<PeerCertificate>;
      let text = "";
      socket.on("data", (chunk: Buffer) => (text += chunk.toString()));
      socket.on("end", () => {
        const status = Number(/^HTTP\/1\.1 (\d+)/.exec(text)?.[1] ?? 0);
        resolve({ status, serial: serialNumber?.toLowerCase() ?? "" });
      });
      socket.write(`GET /cgi-bin/version HTTP/1.1\r\nHost: ${domain}\r\nConnection: close\r\n\r\n`);
    });
    const fail = () => {
      socket.destroy();
      resolve({ status: 0, serial: "" });
    };
    socket.on("error", fail);
    socket.on("timeout", fail);
  });
}

const patience = { timeout: 60_000, interval: 250 };
/** Caddy looks for what is due once a minute. */
const slowly = { timeout: 300_000, interval: 500 };
