import { formatDuration } from "../../fields/time/duration.ts";
import { quote, type Contradiction, type Path } from "../problem.ts";
import { longestRelease, waits } from "../../schema/release.ts";
import type { Config } from "../../schema/config.ts";

/** The settings that these checks compare; a `Config` has them. */
export type ReleaseContext = Pick<
  Config,
  "release" | "instances" | "health" | "requests" | "topology"
>;

/** The part of `findContradictions` that is about releases. It checks flags as well as the file. */
export function* checkRelease(context: ReleaseContext): Iterable<Contradiction> {
  yield* checkRolling(context);
  yield* checkRecreate(context);
  yield* checkTimeout(context);
  yield* checkBefore(context);
  yield* checkAlarms(context);
  yield* checkRequest(context);
  yield* checkWindow(context);
}

function* checkRolling({ release, instances }: ReleaseContext): Iterable<Contradiction> {
  if (release.strategy !== "rolling") return;
  const { batch } = release.rolling;
  if (instances.min < 2) {
    yield {
      paths: [["instances", "min"], strategyPath],
      found: `min ${instances.min} with the strategy rolling`,
      allowed:
        "instances.min of at least 2: rolling takes one instance out at a time, and none would serve",
    };
  } else if (batch >= instances.min) {
    yield {
      paths: [["release", "rolling", "batch"], ["instances", "min"], strategyPath],
      found: `batch ${batch} with min ${instances.min}`,
      allowed: "a batch smaller than instances.min, so that some instances serve",
      suggestion: String(instances.min - 1),
    };
  }
}

function* checkRecreate({ release, topology }: ReleaseContext): Iterable<Contradiction> {
  if (release.strategy !== "recreate" || topology === "single") return;
  yield {
    paths: [strategyPath, ["topology"]],
    found: "recreate with topology: fleet",
    allowed: "another strategy: in a fleet the new version has its own instances",
  };
}

function* checkTimeout({ release, health }: ReleaseContext): Iterable<Contradiction> {
  const { timeoutSeconds } = release;
  const own = waits[release.strategy](release);
  const before = release.before?.timeoutSeconds ?? 0;
  const seconds = own.seconds + before;
  const sum = before === 0 ? own.sum : `${own.sum} and release.before.timeout`;
  if (timeoutSeconds > seconds) return;
  const enough = seconds + health.timeoutSeconds;
  const command: readonly Path[] = before === 0 ? [] : [["release", "before"]];
  yield {
    paths: [["release", "timeout"], ...command, ["release", "bake"], ...waitPaths(own.keys)],
    found: `timeout ${formatDuration(timeoutSeconds)} with ${formatDuration(seconds)} of waiting`,
    allowed: `a timeout longer than ${sum}, with time for the instances to start`,
    ...(enough <= longestRelease && { suggestion: formatDuration(enough) }),
  };
}

function* checkBefore({ release }: ReleaseContext): Iterable<Contradiction> {
  if (release.before?.command.length !== 0) return;
  yield {
    paths: [["release", "before"]],
    found: "no command",
    allowed: "a command, such as command: [python, migrate.py]",
  };
}

function waitPaths(keys: readonly Path[]): readonly Path[] {
  return keys.length === 0 ? [] : [...keys.map((key) => ["release", ...key]), strategyPath];
}

function* checkAlarms({ release }: ReleaseContext): Iterable<Contradiction> {
  for (const [index, name] of release.alarms.entries()) {
    if (release.alarms.indexOf(name) < index) {
      yield {
        paths: [["release", "alarms", index]],
        found: `${quote(name)} a second time`,
        allowed: "each alarm once",
      };
    }
  }
}

function* checkRequest({ release, requests }: ReleaseContext): Iterable<Contradiction> {
  const { method, body, jsonPath, headers, timeoutSeconds } = release.probe;
  if (timeoutSeconds > requests.timeoutSeconds) {
    yield {
      paths: [probePath("timeout"), ["requests", "timeout"]],
      found: `${formatDuration(timeoutSeconds)} with requests.timeout ${formatDuration(requests.timeoutSeconds)}`,
      allowed: "at most requests.timeout, after which the load balancer answers instead of the app",
      suggestion: formatDuration(requests.timeoutSeconds),
    };
  }
  if (body !== null && (method === "GET" || method === "HEAD")) {
    yield {
      paths: [probePath("method"), probePath("body")],
      found: `a body with the method ${method}`,
      allowed: "POST, PUT, PATCH or OPTIONS for a request with a body",
      suggestion: "POST",
    };
  }
  if (jsonPath !== null && method === "HEAD") {
    yield {
      paths: [probePath("method"), probePath("json_path")],
      found: "json_path with the method HEAD",
      allowed: "a method whose answer has a body",
      suggestion: "GET",
    };
  }
  const seen = new Map<string, string>();
  for (const name of Object.keys(headers)) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      yield {
        paths: [[...probePath("headers"), name]],
        found: `${name} and ${twin}`,
        allowed: "each header once; HTTP ignores the case of their names",
      };
    }
    seen.set(name.toLowerCase(), name);
  }
}

function* checkWindow({ release }: ReleaseContext): Iterable<Contradiction> {
  const { failures, window } = release.probe;
  if (failures > window) {
    yield {
      paths: [probePath("failures"), probePath("window")],
      found: `${failures} failures in a window of ${window}`,
      allowed: "at most as many failures as the window has probes",
      suggestion: String(window),
    };
  }
}

function probePath(key: string): Path {
  return ["release", "probe", key];
}

const strategyPath: Path = ["release", "strategy"];
