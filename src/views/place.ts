import { gotNoAnswer } from "../release/observe/address.ts";
import type { StackRecord } from "../state/stack-record.ts";

/** The first keys of every document about a stack. */
export interface Place {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
}

export function placeOf({ name, environment, region }: Omit<Place, "schema_version">): Place {
  return { schema_version: 1, name, environment, region };
}

export function addressOf(stack: StackRecord): Place & { readonly url: string } {
  return { ...placeOf(stack), url: stack.outputs.url };
}

export function isHttps({ outputs }: StackRecord): boolean {
  return outputs.url.startsWith("https:");
}

export const httpOnly = "HTTP only; set domain and zone in infer-deploy.yml for HTTPS";

/** "NOT HEALTHY" of a private address may only mean that this machine is outside. */
export function addressDetail(
  { internal = false }: Pick<StackRecord, "internal">,
  detail: string,
): string {
  return internal && gotNoAnswer(detail)
    ? `${detail}; the address is private, and only machines in the VPC or connected to it reach it`
    : detail;
}
