import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ServerRow } from "../balancer/haproxy-stat.ts";
import type { AuthorityModel } from "./authority-model.ts";
import { createAuthority } from "./keep-authority.ts";

const pem = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

const model: AuthorityModel = {
  weather: {
    down: false,
    busySeconds: null,
    certificateSeconds: 0,
    badNoncePercent: 0,
    slowSeconds: 0,
  },
  names: { "api.example.com": ["10.213.0.12"] },
  texts: {},
  zones: ["example.com"],
};
const short = { ...model, weather: { ...model.weather, certificateSeconds: 120 } };

const up: ServerRow = {
  backend: "authority",
  name: "pebble",
  status: "up",
  check: "L7OK",
  checkCode: "",
  sinceChange: 1,
  sessions: 0,
};

let folder: string;
let now: number;
let starts: number;
/** The roots that the authority has made so far. */
let roots: Record<string, string>;
let keep: ReturnType<typeof createAuthority>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "authority-"));
  await mkdir(join(folder, "certs"));
  await writeFile(join(folder, "certs", "ca.crt"), pem("sandbox"));
  now = 100_000;
  starts = 0;
  roots = {};
  keep = createAuthority({
    run: async ({ args }) => {
      if (args.includes("--detach")) starts += 1;
      const root = roots[args.at(-1) ?? ""];
      const found = args.includes("--detach") || root !== undefined;
      return { exitCode: found ? 0 : 1, stdout: root ?? "", stderr: "" };
    },
    log: { info: () => undefined, error: () => undefined },
    container: "balancer",
    folder,
    now: () => now,
  });
});

afterEach(() => rm(folder, { recursive: true }));

const written = (path: string) => readFile(join(folder, path), "utf8").catch(() => null);
const trusted = () => written("certs/ca.crt");

test("a region without a use for it starts nothing and writes nothing", async () => {
  await keep(null, []);
  expect([starts, await written("balancer/names.json")]).toEqual([0, null]);
});

test("it starts once, and again only when HAProxy does not reach it for a while", async () => {
  await keep(model, []);
  await keep(model, [up]);
  now += 6000;
  await keep(model, [up]);
  expect(starts).toBe(1);
  await keep(model, [{ ...up, status: "down" }]);
  expect(starts).toBe(2);
});

test("it knows the names of the moment", async () => {
  await keep(model, []);
  expect(JSON.parse((await written("balancer/names.json")) ?? "")).toMatchObject({
    addresses: model.names,
  });
  await keep({ ...model, names: {} }, [up]);
  expect(JSON.parse((await written("balancer/names.json")) ?? "")).toMatchObject({
    addresses: {},
    zones: ["example.com"],
  });
});

test("its roots are trusted once it has made them, after the sandbox's own authority, each once", async () => {
  await keep(model, []);
  expect(await trusted()).toBe(pem("sandbox"));
  roots["/tmp/authority/roots-0.pem"] = pem("first");
  await keep(model, [up]);
  roots["/tmp/authority/roots-120.pem"] = pem("short");
  await keep(short, [up]);
  await keep(model, [up]);
  expect(await trusted()).toBe(`${pem("sandbox")}${pem("first")}${pem("short")}`);
});

test("a process that was started again has another root", async () => {
  roots["/tmp/authority/roots-0.pem"] = pem("first");
  await keep(model, []);
  now += 6000;
  roots["/tmp/authority/roots-0.pem"] = pem("second");
  await keep(model, []);
  expect(await trusted()).toContain("second");
});
