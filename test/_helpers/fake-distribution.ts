import { createHash } from "node:crypto";

interface Stored {
  readonly blobs: Map<string, Uint8Array>;
  /** By digest. */
  readonly manifests: Map<string, { readonly text: string; readonly type: string }>;
  readonly tags: Map<string, string>;
}

type Reply = readonly [
  status: number,
  body?: string | Uint8Array,
  headers?: Record<string, string>,
];

/**
 * A registry behind `fetch`, with what it stores in plain view. It knows the OCI distribution API as far as a copy needs it, checks digests, refuses
 * a manifest whose parts it lacks, and takes tokens as Docker Hub does, or a password as ECR does.
 */
export class FakeDistribution {
  readonly repositories = new Map<string, Stored>();
  /** Who may read and write, and how they prove it. */
  auth: "none" | "basic" | "bearer" = "none";
  /** NAME:PASSWORD of a user who may; others may not. */
  user = "AWS:secret";
  /** Whether a part of another repository is taken from there, which is ECR's account setting BLOB_MOUNTING. */
  mounts = false;
  /** How many of the next uploads end before their time. */
  brokenUploads = 0;
  readonly requests: string[] = [];
  #uploads = 0;

  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  repository(name: string): Stored {
    const found = this.repositories.get(name) ?? {
      blobs: new Map(),
      manifests: new Map(),
      tags: new Map(),
    };
    this.repositories.set(name, found);
    return found;
  }

  /** Stores an image whose layers have these contents; resolves to its manifest's digest. */
  hasImage(
    name: string,
    tag: string,
    layers: readonly string[],
    { architecture = "amd64", ...platform }: { architecture?: string; variant?: string } = {},
  ): string {
    const config = JSON.stringify({ os: "linux", architecture, ...platform });
    const { blobs } = this.repository(name);
    const part = (content: string, mediaType: string) => {
      const bytes = new TextEncoder().encode(content);
      blobs.set(digestOf(bytes), bytes);
      return { mediaType, digest: digestOf(bytes), size: bytes.byteLength };
    };
    return this.has(name, tag, "application/vnd.oci.image.manifest.v1+json", {
      config: part(config, "application/vnd.oci.image.config.v1+json"),
      layers: layers.map((layer) => part(layer, "application/vnd.oci.image.layer.v1.tar+gzip")),
    });
  }

  /** Stores an index of images by their platforms, OS/ARCHITECTURE[/VARIANT]; resolves to its digest. */
  hasIndex(name: string, tag: string, images: Readonly<Record<string, string>>): string {
    return this.has(name, tag, "application/vnd.oci.image.index.v1+json", {
      manifests: Object.entries(images).map(([platform, digest]) => {
        const [os, architecture, variant] = platform.split("/");
        return { digest, platform: { os, architecture, ...(variant && { variant }) } };
      }),
    });
  }

  has(name: string, tag: string, type: string, content: object): string {
    const { manifests, tags } = this.repository(name);
    const text = JSON.stringify({ schemaVersion: 2, mediaType: type, ...content });
    manifests.set(digestOf(text), { text, type });
    tags.set(tag, digestOf(text));
    return digestOf(text);
  }

  readonly fetch = (async (input: URL | string, init: RequestInit = {}) => {
    const url = new URL(input);
    if (url.origin !== this.url) {
      throw new TypeError("fetch failed", { cause: new Error(`ENOTFOUND ${url.hostname}`) });
    }
    const method = init.method ?? "GET";
    this.requests.push(`${method} ${url.pathname}${url.search}`);
    const headers = new Headers(init.headers);
    const [status, body, more] =
      url.pathname === "/token"
        ? this.#token(headers.get("authorization"))
        : (this.#refuse(headers.get("authorization")) ??
          (await this.#answer(method, url, init, headers)));
    const shown = method === "HEAD" ? null : (body ?? null);
    const response = new Response(shown, { status, headers: more ?? {} });
    Object.defineProperty(response, "url", { value: url.href });
    return response;
  }) as typeof fetch;

  #token(authorization: string | null): Reply {
    return authorization === basic(this.user)
      ? [200, JSON.stringify({ token: "t0k" })]
      : [401, "{}"];
  }

  #refuse(authorization: string | null): Reply | undefined {
    if (this.auth === "none") return undefined;
    if (this.auth === "basic") {
      if (authorization === basic(this.user)) return undefined;
      return [401, "", { "www-authenticate": 'Basic realm="here"' }];
    }
    if (authorization === "Bearer t0k") return undefined;
    return [401, "", { "www-authenticate": `Bearer realm="${this.url}/token",service="s"` }];
  }

  async #answer(method: string, url: URL, init: RequestInit, headers: Headers): Promise<Reply> {
    const [, name = "", kind, rest = ""] =
      /^\/v2\/(.+)\/(manifests|blobs\/uploads|blobs)\/(.*)$/.exec(url.pathname) ?? [];
    const stored = this.repository(name);
    if (kind === "manifests") {
      if (method === "PUT")
        return putManifest(stored, rest, typeof init.body === "string" ? init.body : "", headers);
      const found = stored.manifests.get(
        rest.startsWith("sha256:") ? rest : (stored.tags.get(rest) ?? ""),
      );
      return found === undefined ? [404] : [200, found.text, { "content-type": found.type }];
    }
    if (kind === "blobs") {
      const found = stored.blobs.get(rest);
      return found === undefined ? [404] : [200, found];
    }
    if (method === "POST") return this.#begin(name, stored, url.searchParams);
    if (method === "PATCH") {
      const content = new Uint8Array(await new Response(init.body).arrayBuffer());
      if (this.brokenUploads > 0) {
        this.brokenUploads -= 1;
        throw new TypeError("fetch failed", { cause: new Error("ECONNRESET") });
      }
      stored.blobs.set(`upload ${rest}`, content);
      return [202, "", { location: `${url.pathname}?state=1` }];
    }
    const content = stored.blobs.get(`upload ${rest}`) ?? new Uint8Array();
    stored.blobs.delete(`upload ${rest}`);
    const digest = url.searchParams.get("digest") ?? "";
    if (digest !== digestOf(content)) return [400, '{"errors":[{"code":"DIGEST_INVALID"}]}'];
    stored.blobs.set(digest, content);
    return [201];
  }

  #begin(name: string, stored: Stored, asked: URLSearchParams): Reply {
    const mount = asked.get("mount") ?? "";
    const content = this.repository(asked.get("from") ?? name).blobs.get(mount);
    if (this.mounts && content !== undefined) {
      stored.blobs.set(mount, content);
      return [201];
    }
    this.#uploads += 1;
    return [202, "", { location: `/v2/${name}/blobs/uploads/${this.#uploads}` }];
  }
}

function putManifest(stored: Stored, tag: string, text: string, headers: Headers): Reply {
  const { config, layers = [] } = JSON.parse(text) as {
    readonly config?: { readonly digest: string };
    readonly layers?: readonly { readonly digest: string }[];
  };
  const isWhole = [config, ...layers].every((part) => stored.blobs.has(part?.digest ?? ""));
  if (!isWhole) return [400, '{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN"}]}'];
  stored.manifests.set(digestOf(text), { text, type: headers.get("content-type") ?? "" });
  stored.tags.set(tag, digestOf(text));
  return [201];
}

function basic(user: string): string {
  return `Basic ${Buffer.from(user).toString("base64")}`;
}

export function digestOf(content: string | Uint8Array): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}
