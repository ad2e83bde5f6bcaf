import type { Config } from "../../../schema/config.ts";
import { leastRestGb } from "../../../schema/fleet/container.ts";
import { hasInstanceStore } from "../../../fields/instance-type.ts";
import { megabytesInGigabyte } from "../../../fields/size.ts";
import { typesOf } from "../../../schema/fleet/instances.ts";
import type { Contradiction, Path } from "../../problem.ts";

type ContainerConfig = Pick<Config, "container" | "env" | "image" | "instances">;

/** The part of `findContradictions` that is about the container and its variables. */
export function* checkContainer(config: ContainerConfig): Iterable<Contradiction> {
  yield* checkMemory(config);
  yield* checkPaths(config);
  yield* checkCache(config);
  yield* checkUlimits(config);
  yield* checkVariables(config);
}

function* checkMemory({ container, instances }: ContainerConfig): Iterable<Contradiction> {
  const { memoryMb } = instances;
  const parts: readonly (readonly [Path, number | null])[] = [
    [["container", "shm"], container.shmMb],
    [["container", "tmp", "size"], container.tmp.sizeMb],
  ];
  for (const [path, megabytes] of parts) {
    if (memoryMb !== null && megabytes !== null && megabytes > memoryMb) {
      yield {
        paths: [path, ["instances", "memory"]],
        found: `${megabytes} MB with instances.memory ${memoryMb}`,
        allowed: "at most instances.memory: it is a part of the container's memory",
      };
    }
  }
}

function* checkPaths({ container: { writable, cache } }: ContainerConfig): Iterable<Contradiction> {
  const wanted: readonly (readonly [Path, string])[] = [
    ...writable.map((path, index) => [["container", "writable", index], path] as const),
    ...(cache === null ? [] : [[["container", "cache", "path"], cache.path] as const]),
  ];
  for (const [index, [key, path]] of wanted.entries()) {
    const taken = reserved.find((folder) => path === folder || path.startsWith(`${folder}/`));
    if (taken !== undefined) {
      yield {
        paths: [key],
        found: path,
        allowed: `a path outside ${taken}, which every container has`,
      };
    }
    for (const [other, twin] of wanted.slice(0, index)) {
      if (path === twin || path.startsWith(`${twin}/`) || twin.startsWith(`${path}/`)) {
        yield {
          paths: [key, other],
          found: path === twin ? `${path} a second time` : `${path} and ${twin}`,
          allowed: "folders of which none is in another",
        };
      }
    }
  }
}

function* checkCache({ container, instances }: ContainerConfig): Iterable<Contradiction> {
  const { cache } = container;
  const most = (instances.diskGb - leastRestGb) * megabytesInGigabyte;
  if (cache !== null && !typesOf(instances).every(hasInstanceStore) && cache.sizeMb > most) {
    yield {
      paths: [
        ["container", "cache", "size"],
        ["instances", "disk"],
      ],
      found: `${Math.ceil(cache.sizeMb / megabytesInGigabyte)} GB on a disk of ${instances.diskGb} GB`,
      allowed: `at least ${leastRestGb} GB less than instances.disk, for the system and the images`,
    };
  }
}

function* checkUlimits({ container }: ContainerConfig): Iterable<Contradiction> {
  for (const [name, { soft, hard }] of Object.entries(container.ulimits)) {
    if (hard !== -1 && (soft === -1 || soft > hard)) {
      yield {
        paths: [["container", "ulimits", name]],
        found: `soft ${soft} with hard ${hard}`,
        allowed: "a soft limit of at most the hard one",
      };
    }
  }
}

function* checkVariables({ env, image }: ContainerConfig): Iterable<Contradiction> {
  const port = env["PORT"];
  if (port !== undefined && port !== String(image.port)) {
    yield {
      paths: [
        ["env", "PORT"],
        ["image", "port"],
      ],
      found: `${port} with image.port ${image.port}`,
      allowed: "no PORT: every container gets image.port as PORT",
    };
  }
  for (const name of ownVariables.filter((one) => Object.hasOwn(env, one))) {
    yield {
      paths: [["env", name]],
      found: "a variable that each container gets",
      allowed: "another name",
    };
  }
}

const reserved = ["/tmp", "/dev", "/proc", "/sys", "/run/secrets"];
const ownVariables = ["INFER_DEPLOY_INSTANCE", "INFER_DEPLOY_RELEASE", "INFER_DEPLOY_VERSION"];
