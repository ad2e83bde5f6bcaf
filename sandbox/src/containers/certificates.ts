import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../../../src/errors/command-error.ts";
import type { Run } from "../../../src/process/programs/run.ts";
import { docker } from "./docker.ts";
import { registryHosts, sandboxLabel } from "./sandbox-names.ts";
import { writeAtomically } from "../client/state-file.ts";
import type { SandboxState } from "../client/sandbox-state.ts";

/**
 * Creates the sandbox's certificate authority and the registry's certificate, once: instances trust the authority from their start.
 * openssl runs in the region's image, because Node can create keys but no certificates.
 */
export async function ensureRegistryCertificate(
  run: Run,
  state: SandboxState,
  folder: string,
): Promise<void> {
  if ((await readFile(join(folder, "certs", "tls.key"), "utf8").catch(() => "")) !== "") return;
  const script = `${authorityScript}\n${signScript}\ncat ca.key ca.crt tls.key tls.crt`;
  // ECR's host name has the region in its middle, where a certificate allows no wildcard.
  const hosts = registryHosts(state.account);
  const labelled = ["--label", `${sandboxLabel}=${state.name}`];
  // The authority's key comes over the container's output, and a log driver such as journald would keep it.
  const unlogged = ["--log-driver", "none"];
  const shell = [
    "--network",
    "none",
    "--entrypoint",
    "sh",
    state.images.region,
    "-c",
    script,
    "sh",
  ];
  const output = await docker(run, [
    "run",
    "--rm",
    ...labelled,
    ...unlogged,
    ...shell,
    ...signArguments(hosts),
  ]);
  const [authorityKey, authority, key, certificate] = pemBlocks(output, 4);
  await writeAtomically(join(folder, "ca.key"), authorityKey, 0o600);
  await writeAtomically(join(folder, "certs", "ca.crt"), authority);
  await writeAtomically(join(folder, "certs", "tls.crt"), certificate);
  // Last, because its presence means that the others exist.
  await writeAtomically(join(folder, "certs", "tls.key"), key, 0o600);
}

/** Key and certificate for a listener's domains, signed by the sandbox's authority, as the one file that HAProxy reads. */
export async function makeListenerCertificate(
  run: Run,
  container: string,
  folder: string,
  domains: readonly string[],
): Promise<string> {
  const authority = `${await readFile(join(folder, "ca.key"), "utf8")}${await readFile(join(folder, "certs", "ca.crt"), "utf8")}`;
  const script = `${receiveScript}\n${signScript}\ncat tls.key tls.crt`;
  const output = await docker(
    run,
    ["exec", "--interactive", container, "sh", "-c", script, "sh", ...signArguments(domains)],
    {
      input: authority,
    },
  );
  const [key, certificate] = pemBlocks(output, 2);
  return `${key}${certificate}`;
}

/** Adds roots to the certificates that the sandbox's clients trust, unless they are there: certs/ca.crt. The first stays the sandbox's own. */
export async function trustRoots(folder: string, roots: string): Promise<void> {
  const path = join(folder, "certs", "ca.crt");
  const known = await readFile(path, "utf8");
  const missing = certificatesIn(roots).filter((one) => !known.includes(one.trim()));
  if (missing.length > 0) await writeAtomically(path, `${known}${missing.join("")}`);
}

function certificatesIn(text: string): string[] {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.map((block) => `${block}\n`);
}

function signArguments(names: readonly string[]): string[] {
  const [first = "sandbox"] = names;
  return [first.slice(0, 64), names.map((name) => `DNS:${name}`).join(",")];
}

function pemBlocks(
  text: string,
  count: number,
): string[] & { 0: string; 1: string; 2: string; 3: string } {
  const blocks = text.match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----/g) ?? [];
  if (blocks.length !== count)
    throw new CommandError("openssl did not make the sandbox's certificates", {
      why: text.slice(0, 300),
    });
  return blocks.map((block) => `${block}\n`) as string[] & {
    0: string;
    1: string;
    2: string;
    3: string;
  };
}

const folderScript = `set -eu; umask 077; work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"`;
const newKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";
const authorityScript = `${folderScript}
openssl req -x509 ${newKey} -days 3650 -subj "/CN=infer-deploy sandbox" -keyout ca.key -out ca.crt 2>/dev/null`;
const receiveScript = `${folderScript}
cat >ca.key; openssl x509 -in ca.key -out ca.crt`;
// Systems refuse every server certificate that is valid for longer than 825 days.
const signScript = `openssl req ${newKey} -subj "/CN=$1" -keyout tls.key -out tls.csr 2>/dev/null
printf 'subjectAltName=%s\\nbasicConstraints=CA:FALSE\\nextendedKeyUsage=serverAuth\\n' "$2" >tls.ext
openssl x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -set_serial "0x$(openssl rand -hex 16)" -days 800 -extfile tls.ext -out tls.crt 2>/dev/null`;
