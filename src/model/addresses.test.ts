import { expect, test } from "vitest";
import { fail, releaseOf } from "../../test/_helpers/model-values.ts";
import type { Settings } from "../config/schema/config.ts";
import { settle } from "../config/schema/settle.ts";
import { createModel } from "./model.ts";

const commit = "a".repeat(40);
const hash = "b".repeat(64);

test("a hub's commit and hashes are the release's", async () => {
  const hub = hubWith({});
  const model = await hub.model().find();
  expect(model).toEqual({
    source: "hf://org/name",
    path: "/model",
    revision: commit,
    files: [
      {
        name: "config.json",
        from: `https://hub.example.com/org/name/resolve/${commit}/config.json`,
        size: 2,
        git_sha1: "d".repeat(40),
      },
      {
        name: "a b.bin",
        from: `https://hub.example.com/org/name/resolve/${commit}/a%20b.bin`,
        size: 9,
        sha256: hash,
      },
    ],
  });
  expect(hub.asked).toEqual([
    ["https://hub.example.com/api/models/org/name/revision/main?blobs=true", null],
  ]);
  await hub.model().requireOf(releaseOf(model ?? fail()));
  expect(hub.asked.at(-1)?.[0]).toBe(
    `https://hub.example.com/api/models/org/name/revision/${commit}`,
  );
  hub.status = 404;
  await expect(hub.model().requireOf(releaseOf(model ?? fail()))).rejects.toThrow(
    "not there any more",
  );
});

test("a private model is asked for with the token; without one the error names the key", async () => {
  const hub = hubWith({ token: "secret" });
  await hub.model({ token: "T" }).find();
  expect(hub.asked.map(([, token]) => token)).toEqual([null, "Bearer secret"]);
  await expect(hub.model().find()).rejects.toMatchObject({
    exitCode: 64,
    next: expect.stringContaining("model.token") as unknown,
  });
  const gated = hubWith({ gated: "manual" });
  await expect(gated.model().find()).rejects.toThrow("is gated");
});

test("an https file by its size and ETag", async () => {
  const asked: unknown[] = [];
  const fetcher = async (_: unknown, init?: RequestInit) => {
    asked.push(init?.headers);
    const headers = { "content-range": "bytes 0-0/77", etag: '"1"' };
    return Promise.resolve(new Response("x", { status: 206, headers }));
  };
  const model = await modelOf({ source: "https://h.example.com/a/m%20x.gguf?k=1" }, fetcher).find();
  expect(model?.files).toEqual([
    { name: "m x.gguf", from: "https://h.example.com/a/m%20x.gguf?k=1", size: 77, etag: '"1"' },
  ]);
  expect(asked).toEqual([{ range: "bytes=0-0" }]);
  const silent = async () =>
    Promise.reject(new TypeError("fetch failed", { cause: new Error("refused") }));
  const found = modelOf({ source: "https://h.example.com/m" }, silent).find();
  await expect(found).rejects.toThrow("h.example.com does not answer.");
});

function modelOf(keys: Settings["model"], fetcher: typeof fetch, secret?: string) {
  const settings: Settings = keys === undefined ? {} : { model: keys };
  const objects = { region: fail, list: fail, head: fail };
  const config = settle("app", "production", "eu-central-1", settings);
  const { signal } = new AbortController();
  const token = async () =>
    Promise.resolve((config.model?.token ?? null) === null ? undefined : secret);
  return createModel(
    { objects, fetch: fetcher, signal, token },
    config,
    (path) => `file: ${path.join(".")}`,
  );
}

/** `token`: who has it may read; others get 401. */
function hubWith({
  token,
  gated = false,
}: {
  readonly token?: string;
  readonly gated?: boolean | string;
}) {
  const asked: (readonly [string, string | null])[] = [];
  const hub = {
    asked,
    status: 200,
    model: (keys: Settings["model"] = {}) =>
      modelOf(
        { source: "hf://org/name", endpoint: "https://hub.example.com/", ...keys },
        fetcher as typeof fetch,
        token,
      ),
  };
  const siblings = [
    { rfilename: ".gitattributes", size: 1, blobId: "e".repeat(40) },
    { rfilename: "config.json", size: 2, blobId: "d".repeat(40) },
    {
      rfilename: "a b.bin",
      size: 9,
      blobId: "f".repeat(40),
      lfs: { size: 9, sha256: hash, pointerSize: 1 },
    },
  ];
  const fetcher = async (url: string, init?: RequestInit) => {
    const sent = new Headers(init?.headers).get("authorization");
    asked.push([url, sent]);
    const isRefused = token !== undefined && sent !== `Bearer ${token}`;
    const status = isRefused ? 401 : hub.status;
    return Promise.resolve(Response.json({ sha: commit, gated, siblings }, { status }));
  };
  return hub;
}
