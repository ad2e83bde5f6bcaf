import type { DockerfileFacts } from "../dockerfile.ts";

/** A limit of the instances' containers that a container ran into. */
export interface Limit {
  /** A sentence for the user. */
  readonly text: string;
  /** Variables that move the path to where the container may write, with a reason for each; empty when none would help. */
  readonly env: readonly EnvChange[];
}

export interface EnvChange {
  readonly name: string;
  readonly value: string;
  readonly reason: string;
}

/** What stopped it, by its newest output first; undefined when no line names a limit. The same rules as limits.py of the instances. */
export function findLimit(
  log: string,
  facts: Pick<DockerfileFacts, "env">,
  home: string,
): Limit | undefined {
  for (const line of log.split("\n").toReversed()) {
    const paths = [...line.matchAll(/(?<![\w:/.])\/[\w.+@~-][^\s'":,;)>]*/g)].map(([path]) => path);
    const path = paths.at(-1);
    const rule = rules.find(
      ({ pattern, below }) =>
        pattern.test(line) && (below === "" || paths.some((one) => one.startsWith(below))),
    );
    if (rule === undefined) continue;
    const text =
      path === undefined
        ? `It ran into a limit: ${rule.text}.`
        : `It could not use ${path}: ${rule.text}.`;
    return { text, env: rule.isMovable && path !== undefined ? moves(path, facts.env, home) : [] };
  }
  return undefined;
}

/** Variables of the Dockerfile that name the folder, or HOME when it is below the user's. */
function moves(
  path: string,
  env: Readonly<Record<string, string>>,
  home: string,
): readonly EnvChange[] {
  const named = Object.entries(env).filter(
    ([name, value]) => value.length > 1 && isBelow(path, value) && !reserved.test(name),
  );
  if (named.length > 0) {
    return named.map(([name, value]) => ({
      name,
      value: "/tmp",
      reason: `The container writes to ${value}. On an instance it can write to /tmp, which is in memory, and to the folders of container.writable.`,
    }));
  }
  const below = [env["HOME"] ?? home, "/root", "/nonexistent"].find(
    (folder) => folder !== "/" && isBelow(path, folder),
  );
  return below === undefined
    ? []
    : [
        {
          name: "HOME",
          value: "/tmp",
          reason: `The container writes to ${below}, its home. On an instance it can write to /tmp, which is in memory, and to the folders of container.writable.`,
        },
      ];
}

function isBelow(path: string, folder: string): boolean {
  return (
    folder.startsWith("/") && (path === folder || path.startsWith(`${folder.replace(/\/$/, "")}/`))
  );
}

const reserved = /^(PATH|LD_.*|PYTHONPATH|NODE_PATH|GOPATH|VIRTUAL_ENV)$/;

interface Rule {
  readonly pattern: RegExp;
  readonly below: string;
  readonly text: string;
  /** Whether another folder would help. */
  readonly isMovable: boolean;
}

const readOnly =
  "an instance's containers write to /tmp and to the folders of container.writable only";
const noRights =
  "an instance's containers run without capabilities, so even root cannot change users or owners. Set USER in the Dockerfile, and the owners when it is built, or container.capabilities";
const rules: readonly Rule[] = [
  { pattern: /EROFS|read-only file ?system/i, below: "", text: readOnly, isMovable: true },
  {
    pattern: /ENOSPC|no space left on device/i,
    below: "/dev/shm",
    text: "/dev/shm has 64 MB (container.shm)",
    isMovable: false,
  },
  { pattern: /EPERM|operation not permitted/i, below: "", text: noRights, isMovable: false },
  {
    pattern: /EACCES|permission denied/i,
    below: "/tmp",
    text: "/tmp allows no programs (container.tmp.exec)",
    isMovable: false,
  },
  {
    pattern: /EACCES|permission denied/i,
    below: "",
    text: "it runs as the user of its image and without capabilities, so the permissions of files apply even to root",
    isMovable: true,
  },
];
