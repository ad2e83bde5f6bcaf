import { text } from "./fields.ts";

/** An image in a registry. */
export interface ImageReference {
  /** HOST or HOST:PORT, as the user knows it: docker.io for a name without a host. */
  readonly host: string;
  readonly repository: string;
  /** sha256:HEX, or else a tag. */
  readonly reference: string;
}

/**
 * A name as Docker reads it: the first part is a host when it has a dot or a port, or is localhost; a digest comes before a tag; and without both the
 * tag is `latest`. Expects a text that `imageReference` accepts. Source: https://github.com/distribution/reference.
 */
export function parseImageReference(name: string): ImageReference {
  const [named = "", digest] = name.split("@", 2);
  const slash = named.indexOf("/");
  const first = named.slice(0, Math.max(slash, 0));
  const hasHost = /[.:]/.test(first) || first === "localhost";
  const [, path = "", tag] =
    /^(.*?)(?::([^:/]*))?$/.exec(hasHost ? named.slice(slash + 1) : named) ?? [];
  const host = hasHost ? first.replace(/^(?:index|registry-1)\.docker\.io$/, "docker.io") : hub;
  return {
    host,
    repository: host === hub && !path.includes("/") ? `library/${path}` : path,
    reference: digest ?? tag ?? "latest",
  };
}

/** A value of the file. */
export function imageReference() {
  return text(
    pattern,
    "the name of an image with a tag or a digest, such as ghcr.io/acme/server:1.2",
  );
}

const part = "[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*";
const pattern = new RegExp(
  `^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?/)?${part}(?:/${part})*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);

/** As names without a host mean it. */
export const hub = "docker.io";
