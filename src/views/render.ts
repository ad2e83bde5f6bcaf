import type { OfflineRender } from "../infrastructure/render-offline.ts";

/** `render --json`. */
export interface RenderDocument {
  readonly schema_version: 1;
  readonly folder: string;
  /** SHA-256 over the files. */
  readonly hash: string;
  readonly files: readonly string[];
  /** Values that bare terraform asks for, because only AWS or the login's issuer knows them. */
  readonly asks: readonly ("account" | "login" | "machine-image" | "zones")[];
}

export function renderDocument(folder: string, rendered: OfflineRender): RenderDocument {
  const { files, hash, knowledge } = rendered;
  return {
    schema_version: 1,
    folder,
    hash,
    files: [...files.keys()],
    asks: [
      ...(knowledge.includes("unknown-account") ? (["account"] as const) : []),
      ...(knowledge.includes("unknown-machine-image") ? (["machine-image"] as const) : []),
      ...(knowledge.includes("unknown-zones") ? (["zones"] as const) : []),
      ...(knowledge.includes("unknown-login") ? (["login"] as const) : []),
    ],
  };
}

/** For a person: what to do with the folder. */
export function renderNote({ asks }: RenderDocument): string {
  return asks.length === 0
    ? "terraform init && terraform plan works there"
    : `terraform asks there for the ${listOf(asks)}; the folder's README.md says how to find it`;
}

function listOf(asks: RenderDocument["asks"]): string {
  const names = asks.map((name) => name.replace("-", " "));
  return [names.slice(0, -1).join(", the "), ...names.slice(-1)].filter(Boolean).join(" and the ");
}
