import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { ModelFile } from "../state/container-record.ts";
import { checkFiles, revisionOf } from "./files.ts";
import { ask, refused, type HttpDeps } from "./http.ts";
import type { Source, WantedModel } from "./source.ts";

/** One file at an https address. */
export function httpsSource(deps: HttpDeps, wanted: WantedModel): Source {
  const { settings, placeOf } = wanted;
  const where = placeOf(["model", "source"]);
  const look = async (url: string): Promise<ModelFile | undefined> => {
    // Servers of signed addresses refuse HEAD.
    const answer = await ask(deps, url, where, { range: "bytes=0-0" });
    await answer.body?.cancel();
    if (answer.status === 404 || answer.status === 410) return undefined;
    if (!answer.ok) throw refused(answer, settings.source, where, settings.token !== null);
    const size = sizeOf(answer);
    if (size === undefined) {
      throw new CommandError(`${new URL(url).host} does not say how large the file is.`, {
        exitCode: exitCodes.usage,
        where,
        next: "take a server that answers with Content-Length, or put the file into S3",
      });
    }
    const etag = answer.headers.get("etag");
    return { name: nameOf(url), from: url, size, ...(etag === null ? {} : { etag }) };
  };
  return {
    find: async () => {
      const { from, source } = settings;
      if (from.kind !== "https") throw new Error(`${source} is not an https address`);
      const file = await look(from.url);
      if (file === undefined) {
        throw new CommandError(`There is no ${source}.`, {
          exitCode: exitCodes.usage,
          where,
          why: `${new URL(from.url).host} answers 404`,
          next: "correct model.source",
        });
      }
      checkFiles([file.name], source, where);
      return { revision: revisionOf([file]), files: [file] };
    },
    missing: async ({ files: [file] }) => {
      if (file === undefined) return [];
      const now = await look(file.from);
      return now !== undefined && now.size === file.size && now.etag === file.etag
        ? []
        : [file.name];
    },
  };
}

function nameOf(url: string): string {
  const { pathname } = new URL(url);
  const last = pathname.slice(pathname.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

function sizeOf(answer: Response): number | undefined {
  const range = answer.headers.get("content-range");
  const text =
    answer.status === 206 && range !== null
      ? range.slice(range.lastIndexOf("/") + 1)
      : answer.headers.get("content-length");
  return text !== null && /^\d+$/.test(text) ? Number(text) : undefined;
}
