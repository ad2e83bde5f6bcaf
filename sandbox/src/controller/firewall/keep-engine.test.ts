import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ServerRow } from "../balancer/haproxy-stat.ts";
import { createFirewall } from "./keep-engine.ts";

const webAcl = { arn: "arn", metric: "acl", default: "ALLOW", rules: [], ignored: [] } as const;
const guarded = [{ name: "listener:a", idleSeconds: 60, failsOpen: true, webAcl }];
const open = [{ name: "listener:a", idleSeconds: 60, failsOpen: true, webAcl: null }];
const row = (status: ServerRow["status"]): ServerRow => ({
  backend: "waf",
  name: "engine",
  status,
  check: "L7OK",
  checkCode: "",
  sinceChange: 1,
  sessions: 0,
});

let configuration: string;
let now: number;
let starts: number;
let guard: ReturnType<typeof createFirewall>;

beforeEach(async () => {
  configuration = await mkdtemp(join(tmpdir(), "firewall-"));
  now = 100_000;
  starts = 0;
  guard = createFirewall({
    run: async () => {
      starts += 1;
      return { exitCode: 0, stdout: "", stderr: "" };
    },
    log: { info: () => undefined, error: () => undefined },
    container: "balancer",
    configuration,
    now: () => now,
  });
});

afterEach(() => rm(configuration, { recursive: true }));

const written = () => readFile(join(configuration, "waf.json"), "utf8").catch(() => null);

test("without a web ACL there is neither an engine nor a policy", async () => {
  await guard(open, []);
  expect([starts, await written()]).toEqual([0, null]);
});

test("a web ACL starts the engine, and again only when HAProxy does not reach it for a while", async () => {
  await guard(guarded, []);
  await guard(guarded, [row("down")]);
  expect(starts).toBe(1);
  expect(await written()).toContain('"arn"');
  now += 6000;
  await guard(guarded, [row("up")]);
  expect(starts).toBe(1);
  await guard(guarded, [row("down")]);
  expect(starts).toBe(2);
});

test("when the last web ACL goes, so does its policy", async () => {
  await guard(guarded, []);
  await guard(open, [row("up")]);
  expect(JSON.parse((await written()) ?? "")).toEqual({ listeners: {} });
});
