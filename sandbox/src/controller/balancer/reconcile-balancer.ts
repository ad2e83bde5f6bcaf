import { rename } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Run } from "../../../../src/process/programs/run.ts";
import { docker, tryDocker } from "../../containers/docker.ts";
import { serviceContainer } from "../../containers/sandbox-names.ts";
import { askBalancer } from "../../containers/balancer-api.ts";
import { writeAtomically } from "../../client/state-file.ts";
import type { SandboxState } from "../../client/sandbox-state.ts";
import { createAuthority } from "../authority/keep-authority.ts";
import { createChecker } from "../checker/keep-checker.ts";
import { createFirewall } from "../firewall/keep-engine.ts";
import type { ControllerLog } from "../controller-log.ts";
import { renderConfig } from "./haproxy-config.ts";
import { configurationFiles, type MapChange, planMaps, structureOf } from "./haproxy-files.ts";
import type { BalancerModel } from "./balancer-model.ts";
import { planServers } from "./servers.ts";
import { parseDescription, parseServersState, parseStat, type ServerRow } from "./haproxy-stat.ts";

export interface BalancerDeps {
  readonly run: Run;
  readonly log: ControllerLog;
  readonly state: SandboxState;
  readonly folder: string;
  /** Creates the listeners' certificates that do not exist yet. */
  readonly certify: (model: BalancerModel) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export interface Balancer {
  /** Brings HAProxy to the model and returns its current servers. Throws when HAProxy does not answer or refuses its configuration. */
  readonly reconcile: (model: BalancerModel) => Promise<readonly ServerRow[]>;
}

/**
 * Listeners, target groups and the load balancer's own answers need a new configuration and a reload, which keeps connections and the
 * servers' health. Forwarding rules, weights and targets change through the runtime API, because after a reload an open connection gets
 * one more answer from the old configuration. They are also written to the files, so that the next start is correct.
 */
export function createBalancer({ run, log, state, folder, certify, now }: BalancerDeps): Balancer {
  const configuration = join(folder, "balancer");
  const container = serviceContainer(state.name, "balancer");
  const guard = createFirewall({ run, log, container, configuration, now });
  const keepChecker = createChecker({ run, log, container, now });
  const keepAuthority = createAuthority({ run, log, container, folder, now });
  const ask = (commands: string) => askBalancer(state, commands);
  /** The maps of the running process, as far as this process knows. */
  let loaded = new Map<string, string>();
  let process = "";
  let refused: string | undefined;

  const look = async () => {
    const [info, stat] = await Promise.all([ask("show info"), ask("show stat")]);
    const pid = /^Pid: (\d+)$/m.exec(info)?.[1] ?? "";
    if (pid !== process) loaded = new Map();
    process = pid;
    return { structure: parseDescription(info), rows: parseStat(stat) };
  };

  const writeConfig = async (model: BalancerModel, structure: string, name: string) => {
    const servers = parseServersState(await ask("show servers state"));
    await writeAtomically(join(configuration, name), renderConfig(model, structure, servers));
  };

  const reload = async (
    model: BalancerModel,
    files: ReadonlyMap<string, string>,
    structure: string,
  ) => {
    await certify(model);
    for (const [path, text] of files) await writeAtomically(join(configuration, path), text);
    await writeConfig(model, structure, "next.cfg");
    const check = await tryDocker(
      run,
      ["exec", container, "haproxy", "-c", "-q", "-f", "/etc/infer-deploy/next.cfg"],
      { writes: false },
    );
    if (check.exitCode !== 0) {
      refused = structure;
      throw new Error(`HAProxy refuses the configuration: ${check.stderr.trim().slice(0, 1000)}`);
    }
    await writeAtomically(join(configuration, "servers.state"), await ask("show servers state"));
    await rename(join(configuration, "next.cfg"), join(configuration, "haproxy.cfg"));
    await docker(run, ["kill", "--signal", "USR2", container]);
    await untilLoaded(async () => (await look()).structure === structure);
    loaded = new Map(files);
    log.info("load balancer reloaded", {
      structure,
      listeners: model.listeners.length,
      backends: model.backends.length,
    });
  };

  const switchMap = async ({ path, text }: MapChange) => {
    await writeAtomically(join(configuration, path), text);
    const file = `/etc/infer-deploy/${path}`;
    const version = /version created: (\d+)/i.exec(await ask(`prepare map ${file}`))?.[1];
    if (version === undefined) throw new Error(`the load balancer has no map ${path}`);
    // A command must fit into one of HAProxy's buffers, which is 16 KB.
    for (const lines of inParts(text.split("\n").filter(Boolean), linesPerCommand)) {
      const answer = (await ask(`add map @${version} ${file} <<\n${lines.join("\n")}\n`)).trim();
      if (answer !== "") throw new Error(`the load balancer refuses a line of ${path}: ${answer}`);
    }
    await ask(`commit map @${version} ${file}`);
    loaded.set(path, text);
    log.info("map changed", { map: path, values: countValues(text) });
  };

  return {
    reconcile: async (model) => {
      const files = configurationFiles(model);
      const structure = structureOf(model, files);
      let seen = await look();
      // Before the listeners ask the engine, it must be there and know their rules.
      await guard(model.listeners, seen.rows);
      await keepAuthority(model.authority, seen.rows);
      await keepChecker(model.backends, seen.rows);
      if (seen.structure !== structure) {
        if (refused === structure) return seen.rows;
        await reload(model, files, structure);
        seen = await look();
      }
      for (const change of planMaps(model, files, loaded)) await switchMap(change);
      const commands = planServers(model, seen.rows);
      if (commands.length === 0) return seen.rows;
      for (const command of commands)
        log.info("load balancer servers", {
          command,
          answer: (await ask(command)).replaceAll(/\s+/g, " ").trim(),
        });
      await writeConfig(model, structure, "haproxy.cfg");
      return (await look()).rows;
    },
  };
}

async function untilLoaded(isLoaded: () => Promise<boolean>): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    await delay(100);
    // A connection may be refused between the old worker and the new one.
    if (await isLoaded().catch(() => false)) return;
  }
  throw new Error("the load balancer does not load its new configuration");
}

function inParts<T>(items: readonly T[], size: number): T[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

function countValues(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of text.split("\n").filter(Boolean)) {
    const value = line.split(" ")[1] ?? "";
    counts[value] = (counts[value] ?? 0) + 1;
  }
  return counts;
}

const linesPerCommand = 50;
