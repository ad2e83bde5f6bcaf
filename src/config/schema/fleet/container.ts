import * as z from "zod/mini";
import { capabilities, ulimits } from "../../fields/capabilities.ts";
import { secondsOf } from "../../fields/time/duration.ts";
import * as field from "../../fields/fields.ts";
import { acceleratorOf } from "../../fields/instance-type.ts";
import { group, key } from "../../fields/keys.ts";
import { megabytesInGigabyte, megabytesOf } from "../../fields/size.ts";
import type { InstanceSettings } from "./instances.ts";
import { gpus, settleGpus, type Gpus } from "./gpus.ts";

/** What the container may do and use beyond the tight defaults. */
export interface ContainerOptions {
  /** Null for the image's own. */
  readonly entrypoint: readonly string[] | null;
  readonly command: readonly string[] | null;
  readonly user: string | null;
  /** Null: as long as a request may take. */
  readonly stopSeconds: number | null;
  /** By name; -1 is no limit. */
  readonly ulimits: Readonly<Record<string, { readonly soft: number; readonly hard: number }>>;
  readonly readOnly: boolean;
  readonly writable: readonly string[];
  /** Null: half of the container's memory. */
  readonly tmp: { readonly sizeMb: number | null; readonly exec: boolean };
  readonly capabilities: readonly string[];
  /** Null: a quarter of the container's memory. */
  readonly shmMb: number | null;
  readonly cache: { readonly path: string; readonly sizeMb: number } | null;
  readonly gpus: Gpus;
}

/** Docker's own. */
const usualShmMb = 64;

const byDefault = { read_only: true, exec: false } as const;

/** The words of a command line. `what`: an example. */
export const words = (what: string) => {
  const error = `a list of 1 to 100 words, such as ${what}`;
  // No program gets a text with a zero byte.
  const word = z.string({ error }).check(z.regex(/^[^\0]{0,32768}$/, { error }));
  return z.array(word, { error }).check(z.minLength(1, { error }), z.maxLength(100, { error }));
};

const limit = () => field.wholeNumber(-1, 2 ** 53 - 1);
const limitAllowed = "a whole number, -1 for no limit, or a map with soft and hard";

const softAndHard = z.strictObject({
  soft: described(limit(), "The limit that a process begins with."),
  hard: described(limit(), "How far it may raise its own."),
});

export const container = group(
  "What the container may do and use. Each key is part of a release: a rollback goes back with it.",
  {
    entrypoint: key(
      words("[python, -m, server]"),
      "In place of the image's ENTRYPOINT. As in Docker, the image's CMD then does not count.",
    ),
    command: key(words("[--model, /models/a]"), "In place of the image's CMD."),
    user: key(
      field.text(
        /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?$/,
        "a user's name or number, such as app or 1000:1000",
      ),
      "In place of the image's USER.",
    ),
    stop_timeout: key(
      field.duration(1, 4000),
      "Time that the container gets to end after SIGTERM, before it is killed. Default: requests.timeout, and at least 30s.",
    ),
    ulimits: key(
      z.record(
        z.string().check(
          z.refine((name) => (ulimits as readonly string[]).includes(name), {
            error: `a limit that Docker knows: ${ulimits.join(", ")}`,
          }),
        ),
        z.union([limit(), softAndHard], { error: limitAllowed }),
        { error: `a map of names, such as nofile, each with ${limitAllowed}` },
      ),
      "Limits of its processes, by name: a number, or soft and hard.",
      {},
    ),
    read_only: key(
      field.flag(),
      "Whether the image's files cannot be changed. /tmp, the home folder, container.writable and container.cache can be written all the same.",
      byDefault.read_only,
    ),
    writable: key(
      field.pathList(),
      "Folders that the container may write to, on the instance's disk. Each begins with what the image has there, belongs to the image's user, and is gone when the container ends.",
      [],
    ),
    tmp: group("The folder /tmp, which is in the container's memory.", {
      size: key(field.size(), "Most that fits into /tmp. Default: half of the container's memory."),
      exec: key(field.flag(), "Whether programs may run from /tmp.", byDefault.exec),
    }),
    capabilities: key(
      z
        .array(field.choice(capabilities, "a capability of Linux, such as CHOWN or SETUID"), {
          error: "a list of capabilities of Linux, such as [SETUID, SETGID]",
        })
        .check(z.maxLength(capabilities.length)),
      "What root may do in the container. An image that starts as root and steps down needs SETUID and SETGID, and CHOWN if it gives files away first.",
      [],
    ),
    shm: key(
      field.size(),
      "Shared memory, /dev/shm, which counts as the container's memory. Default: 64mb, and on a type with a GPU a quarter of the container's memory.",
    ),
    cache: group(
      "A folder that survives releases and restarts on an instance. A new instance begins without it.",
      {
        path: key(
          field.containerPath(),
          "Where the container sees the folder. Default: there is none.",
        ),
        size: key(
          field.size(),
          "A folder that has grown larger is emptied before the next container starts. Default: half of instances.disk, and 6 GB less than it.",
        ),
      },
    ),
    gpus,
  },
);

function described<T extends z.ZodMiniType>(schema: T, description: string): T {
  z.globalRegistry.add(schema, { description });
  return schema;
}

type ContainerKeys = NonNullable<z.infer<typeof container>>;

export function settleContainer(
  keys: ContainerKeys = {},
  { type, diskGb }: Pick<InstanceSettings, "diskGb" | "type">,
): ContainerOptions {
  return {
    entrypoint: keys.entrypoint ?? null,
    command: keys.command ?? null,
    user: keys.user ?? null,
    stopSeconds: keys.stop_timeout === undefined ? null : secondsOf(keys.stop_timeout),
    ulimits: Object.fromEntries(
      Object.entries(keys.ulimits ?? {}).map(([name, value]) => [
        name,
        typeof value === "number" ? { soft: value, hard: value } : value,
      ]),
    ),
    readOnly: keys.read_only ?? byDefault.read_only,
    writable: keys.writable ?? [],
    tmp: { sizeMb: sizeOf(keys.tmp?.size), exec: keys.tmp?.exec ?? byDefault.exec },
    capabilities: keys.capabilities ?? [],
    shmMb: sizeOf(keys.shm) ?? (acceleratorOf(type) === "GPU" ? null : usualShmMb),
    cache:
      keys.cache?.path === undefined
        ? null
        : { path: keys.cache.path, sizeMb: sizeOf(keys.cache.size) ?? usualCacheMb(diskGb) },
    gpus: settleGpus(keys.gpus, type),
  };
}

function usualCacheMb(diskGb: number): number {
  return Math.min(Math.floor(diskGb / 2), diskGb - leastRestGb) * megabytesInGigabyte;
}

/** Of a disk, for the system and the images. What they need is not known; without as much no cache can work. */
export const leastRestGb = 6;

function sizeOf(value: string | number | undefined): number | null {
  return value === undefined ? null : megabytesOf(value);
}
