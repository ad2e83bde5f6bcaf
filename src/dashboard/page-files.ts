import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";

export interface PageFile {
  /** Content-Type */
  readonly type: string;
  readonly body: Buffer;
}

/** The page's files as the build made them, by their paths on the server. */
export async function loadPageFiles(): Promise<ReadonlyMap<string, PageFile>> {
  const entries = names.map(async ([path, name, type]): Promise<[string, PageFile]> => {
    return [path, { type, body: await readFile(join(packageRoot, "dist", "page", name)) }];
  });
  return new Map(await Promise.all(entries));
}

const names = [
  ["/", "index.html", "text/html; charset=utf-8"],
  ["/page.js", "page.js", "text/javascript; charset=utf-8"],
  ["/page.css", "page.css", "text/css; charset=utf-8"],
  ["/icon.svg", "icon.svg", "image/svg+xml"],
] as const;
