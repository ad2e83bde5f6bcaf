import type { SandboxContainer } from "../../containers/list-containers.ts";
import type { InstanceView } from "../observe/region-view.ts";
import type { Conditions } from "./conditions.ts";

/** What the weather does inside an instance. */
export type InstanceTask =
  /** `keep-alive`: the load balancer learns late that an application has closed a connection. */
  "close-late" | "close-in-time" | "fail-dns" | "fail-registry" | AgeTask;

/** What happens to an instance once, at an age. */
type AgeTask = "update" | "reload" | "lose-gpu";

export interface InstanceWeatherSeen {
  readonly conditions: Conditions;
  readonly instances: readonly InstanceView[];
  readonly containers: readonly SandboxContainer[];
  /** Instance -> what was done to it. */
  readonly done: ReadonlyMap<string, ReadonlySet<InstanceTask>>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface PlannedTask {
  readonly id: string;
  readonly container: string;
  readonly task: InstanceTask;
}

/** The tasks that are due. Each is done once; `close-late` and `close-in-time` undo each other. */
export function planInstanceWeather(seen: InstanceWeatherSeen): PlannedTask[] {
  const ages = new Map(
    seen.instances.map(({ id, launched }) => [id, (seen.now - launched) / 1000] as const),
  );
  return seen.containers.flatMap(({ instance: id, name, running }): PlannedTask[] => {
    const age = id === null ? undefined : ages.get(id);
    if (id === null || age === undefined || !running) return [];
    const done = seen.done.get(id) ?? new Set();
    return tasksFor(seen.conditions, id, age, done).map((task) => ({ id, container: name, task }));
  });
}

/** The first failure of an instance: by its id, so that all kinds come up and the emulator comes to the same result. */
export function firstFailureOf(id: string, kinds: Conditions["firstFailures"]) {
  return kinds[Number.parseInt(id.at(-1) ?? "0", 16) % kinds.length];
}

function tasksFor(
  conditions: Conditions,
  id: string,
  age: number,
  done: ReadonlySet<InstanceTask>,
): InstanceTask[] {
  const { keepsConnections, firstFailures } = conditions;
  const ages: readonly (readonly [AgeTask, number | null])[] = [
    ["update", conditions.updateAgeSeconds],
    ["reload", conditions.reloadAgeSeconds],
    ["lose-gpu", conditions.gpuLossAgeSeconds],
  ];
  const failure = firstFailureOf(id, firstFailures);
  return [
    ...(keepsConnections && !done.has("close-late") ? (["close-late"] as const) : []),
    ...(!keepsConnections && done.has("close-late") ? (["close-in-time"] as const) : []),
    // An instance that has started before the weather changed has had its first tries.
    ...(age < newSeconds && failure === "dns" && !done.has("fail-dns")
      ? (["fail-dns"] as const)
      : []),
    ...(age < newSeconds && failure === "registry" && !done.has("fail-registry")
      ? (["fail-registry"] as const)
      : []),
    ...ages.flatMap(([task, least]) =>
      least !== null && age >= least && !done.has(task) ? [task] : [],
    ),
  ];
}

const newSeconds = 30;
