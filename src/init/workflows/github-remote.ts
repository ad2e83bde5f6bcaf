import * as z from "zod/mini";
import { repositoryName } from "../../config/schema/project/github.ts";

/** OWNER/NAME of a remote's address at github.com, in each of git's spellings; undefined for any other host. */
export function githubRepository(address: string): string | undefined {
  // git@github.com:OWNER/NAME.git is no URL.
  const [, scp] =
    /^(?:[^@/]+@)?(?:ssh\.)?github\.com:(?!\/\/|\d+\/)(.+)$/i.exec(address.trim()) ?? [];
  const url = URL.parse(address.trim());
  const path =
    scp ?? (/^(www\.|ssh\.)?github\.com$/i.test(url?.hostname ?? "") ? url?.pathname : undefined);
  const name = path
    ?.replace(/^\/+/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
  return name !== undefined && isRepository(name) ? name : undefined;
}

/** As the key github.repository takes it. */
export function isRepository(name: string): boolean {
  return z.safeParse(repositoryName, name).success;
}
