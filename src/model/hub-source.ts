import * as z from "zod/mini";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { ModelContent, ModelFile } from "../state/container-record.ts";
import { checkFiles } from "./files.ts";
import { ask, refused, type HttpDeps } from "./http.ts";
import type { Found, Source, WantedModel } from "./source.ts";

/** A hub with Hugging Face's API: https://huggingface.co/docs/hub/api. */
export function hubSource(deps: HttpDeps, wanted: WantedModel): Source {
  const { endpoint, from, source, token } = wanted.settings;
  const where = wanted.placeOf(["model", "source"]);
  const read = async (address: string): Promise<Response> => ask(deps, address, where);
  return {
    find: async (): Promise<Found> => {
      if (from.kind !== "hub") throw new Error(`${source} is not of a hub`);
      const { repository, revision } = from;
      const answer = await read(
        `${endpoint}/api/models/${repository}/revision/${encodeURIComponent(revision)}?blobs=true`,
      );
      if (!answer.ok) throw refused(answer, source, where, token !== null);
      const parsed = description.safeParse(await answer.json().catch(() => undefined));
      if (!parsed.success) {
        throw new CommandError(`${endpoint} does not answer as a hub does.`, {
          exitCode: exitCodes.usage,
          where: wanted.placeOf(["model", "endpoint"]),
          next: "correct model.endpoint: the address of a hub with Hugging Face's API",
        });
      }
      const { gated, sha, siblings } = parsed.data;
      if (gated !== undefined && gated !== false && token === null) {
        throw new CommandError(`${source} is gated: the hub gives its files to users only.`, {
          exitCode: exitCodes.usage,
          where,
          next: "accept its licence on the hub, put a token into a secret, and set model.token to the secret's name",
        });
      }
      const files = siblings.filter(({ rfilename }) => !ofGit.has(rfilename));
      checkFiles(
        files.map(({ rfilename }) => rfilename),
        source,
        where,
      );
      const base = `${endpoint}/${repository}/resolve/${sha}`;
      return { revision: sha, files: files.map((file) => fileOf(file, base)) };
    },
    missing: async ({ files, revision }: ModelContent) => {
      const { hub, repository } = addressForm.exec(files[0]?.from ?? "")?.groups ?? {};
      if (hub === undefined || repository === undefined) return [];
      // A commit never changes. It goes with its repository, or when its history is rewritten.
      const answer = await read(`${hub}/api/models/${repository}/revision/${revision}`);
      if (answer.ok) return [];
      if (answer.status === 404) return files.map(({ name }) => name);
      throw refused(answer, source, where, token !== null);
    },
  };
}

function fileOf({ rfilename, size, lfs, blobId }: Sibling, base: string): ModelFile {
  const from = `${base}/${rfilename.split("/").map(encodeURIComponent).join("/")}`;
  return lfs === undefined || lfs === null
    ? { name: rfilename, from, size, git_sha1: blobId }
    : { name: rfilename, from, size: lfs.size, sha256: lfs.sha256 };
}

const sibling = z.looseObject({
  rfilename: z.string(),
  size: z.int(),
  blobId: z.string().check(z.regex(/^[0-9a-f]{40}$/)),
  lfs: z.optional(
    z.nullable(
      z.looseObject({ size: z.int(), sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
    ),
  ),
});
type Sibling = z.infer<typeof sibling>;

const description = z.looseObject({
  sha: z.string().check(z.regex(/^[0-9a-f]{40}$/)),
  gated: z.optional(z.union([z.boolean(), z.string()])),
  siblings: z.array(sibling),
});

/** Of a file. */
const addressForm = /^(?<hub>https?:\/\/.+?)\/(?<repository>[^/]+\/[^/]+)\/resolve\/[0-9a-f]{40}\//;

/** Of no use to a server. */
const ofGit: ReadonlySet<string> = new Set([".gitattributes", ".gitignore"]);
