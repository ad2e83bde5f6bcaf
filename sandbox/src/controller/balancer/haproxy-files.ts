import { createHash } from "node:crypto";
import { nowhere, renderConfig } from "./haproxy-config.ts";
import { messages, messagesFile } from "../firewall/firewall-config.ts";
import type { BalancerModel, ListenerModel } from "./balancer-model.ts";
import { weightSlots } from "./weights.ts";

/** Every file that haproxy.cfg names, except certificates: path below the configuration folder -> content. */
export function configurationFiles(model: BalancerModel): Map<string, string> {
  const inspected = model.listeners.some(({ webAcl }) => webAcl !== null);
  return new Map([
    ...model.listeners.flatMap(listenerFiles),
    ...(inspected ? [[messagesFile, messages] as const] : []),
  ]);
}

export interface MapChange {
  readonly path: string;
  readonly text: string;
}

/**
 * The maps to commit, in this order, to take the running load balancer from `loaded` to `files`. A rule's weights are added before
 * its pattern and removed after it, so that no request finds a rule without weights.
 */
export function planMaps(
  model: BalancerModel,
  files: ReadonlyMap<string, string>,
  loaded: ReadonlyMap<string, string>,
): MapChange[] {
  return model.listeners.flatMap(({ rulesMap, weightsMap }) => {
    const [rules = "", weights = ""] = [files.get(rulesMap), files.get(weightsMap)];
    const before = loaded.get(weightsMap) ?? "";
    const last = before === weights ? [] : [{ path: weightsMap, text: weights }];
    if (loaded.get(rulesMap) === rules) return last;
    const both = { path: weightsMap, text: `${weights}${linesOfOthers(before, weights)}` };
    return [both, { path: rulesMap, text: rules }, { path: weightsMap, text: weights }];
  });
}

function listenerFiles(listener: ListenerModel): [string, string][] {
  const { rules, rulesMap, weightsMap } = listener;
  const patterns = rules.flatMap(({ name, pattern }) =>
    pattern === null ? [] : [`${pattern} ${name}\n`],
  );
  const weights = rules.flatMap(({ name, action }) => {
    const slots = action.type === "forward" ? weightSlots(action.weights, nowhere) : [];
    return slots.map((backend, slot) => `${name}/${slot} ${backend}\n`);
  });
  const bodies = rules.flatMap(({ action }): [string, string][] =>
    action.type === "fixed-response" ? [[action.file, action.body]] : [],
  );
  return [[rulesMap, patterns.join("")], [weightsMap, weights.join("")], ...bodies];
}

/** The lines of `before` whose keys are not in `after`. */
function linesOfOthers(before: string, after: string): string {
  const keys = new Set(after.split("\n").map((line) => line.split(" ")[0]));
  const others = before.split("\n").filter((line) => line !== "" && !keys.has(line.split(" ")[0]));
  return others.map((line) => `${line}\n`).join("");
}

/** A hash of everything that only a reload can change. */
export function structureOf(model: BalancerModel, files: ReadonlyMap<string, string>): string {
  const bodies = [...files].filter(([path]) => !path.endsWith(".map"));
  const text = JSON.stringify([renderConfig(model, "", []), bodies]);
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}

/** The load balancer's configuration before the controller's first cycle. */
export function emptyConfig(): string {
  const model: BalancerModel = {
    keepsConnections: false,
    listeners: [],
    backends: [],
    edges: [],
    authority: null,
  };
  return renderConfig(model, structureOf(model, new Map()), []);
}
