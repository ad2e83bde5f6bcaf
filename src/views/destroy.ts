import { placeOf } from "./parts/place.ts";

/** `destroy --json`. */
export interface DestroyDocument {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  /** Resources that still carry the stack's tags. */
  readonly left: 0;
  readonly detail: string;
}

export function destroyDocument(
  place: Pick<DestroyDocument, "name" | "environment" | "region">,
  detail: string,
): DestroyDocument {
  return { ...placeOf(place), left: 0, detail };
}

export function destroyText({ name, environment, region, detail }: DestroyDocument): string {
  return `${name} (${environment}) in ${region}: ${detail}\n`;
}
