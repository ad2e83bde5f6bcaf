/** What a registry asks for with its status 401 (RFC 9110, "WWW-Authenticate"). */
export type Challenge =
  | { readonly scheme: "basic" }
  /** A token from a server of the registry's: https://distribution.github.io/distribution/spec/auth/token/. */
  | { readonly scheme: "bearer"; readonly realm: string; readonly service: string | undefined };

/** Undefined for a header that asks for neither. */
export function parseChallenge(header: string | null): Challenge | undefined {
  const [, scheme = "", rest = ""] = /^\s*([A-Za-z]+)\s*(.*)$/.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "basic") return { scheme: "basic" };
  const parameters = new Map(
    [...rest.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/gi)].map(([, name = "", value = ""]) => [
      name.toLowerCase(),
      value.replaceAll(/\\(.)/g, "$1"),
    ]),
  );
  const realm = parameters.get("realm");
  if (scheme.toLowerCase() !== "bearer" || realm === undefined || !URL.canParse(realm)) {
    return undefined;
  }
  return { scheme: "bearer", realm, service: parameters.get("service") };
}
