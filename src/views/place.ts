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
