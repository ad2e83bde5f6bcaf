import * as z from "zod/mini";
import { stackName } from "../config/schema/config.ts";

/** A name that infer-deploy.yml takes, made of a package's or a folder's. Undefined when too little of it is left. */
export function serviceName(text: string): string | undefined {
  const name = text
    .replace(/^@[^/]*\//, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, 32)
    .replace(/-+$/, "");
  return isServiceName(name) ? name : undefined;
}

export function isServiceName(name: string): boolean {
  return z.safeParse(stackName, name).success;
}
