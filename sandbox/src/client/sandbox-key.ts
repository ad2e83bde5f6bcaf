import type { SandboxState } from "./sandbox-state.ts";

/** Credentials for the region's API. It compares the access key id only. */
export function sandboxCredentials({ key }: Pick<SandboxState, "key">): {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
} {
  return { accessKeyId: key, secretAccessKey: "sandbox" };
}

/** The controller's own, by which the emulator spares it the weather. */
export function controllerCredentials({ key }: Pick<SandboxState, "key">): {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
} {
  return { accessKeyId: `controller-${key}`, secretAccessKey: "sandbox" };
}

/** The headers of a request to one of the paths that AWS does not have. */
export function sandboxHeaders({
  key,
}: Pick<SandboxState, "key">): Readonly<Record<string, string>> {
  return { "x-sandbox-key": key };
}
