import type { Topology } from "../../config/schema/config.ts";
import { joinAgent } from "./join-agent.ts";
import { templateAt, templatesUnder, type Files } from "./files.ts";

/**
 * Files that an instance fetches from the bucket: each one's source, and where the module's user-data.tf puts it (modules/fleet, modules/machine).
 * Programs are those below /opt/.
 */
export const bundledFiles: Readonly<
  Record<Topology, readonly (readonly [source: string, path: string])[]>
> = {
  fleet: [
    ["boot.sh", "/opt/infer-deploy/boot"],
    ["infer-deploy-agent", "/opt/infer-deploy/infer-deploy-agent"],
    ["infer-deploy-agent.service", "/etc/systemd/system/infer-deploy-agent.service"],
    ["infer-deploy-app.service", "/etc/systemd/system/infer-deploy-app.service"],
    ["infer-deploy-before.service", "/etc/systemd/system/infer-deploy-before.service"],
  ],
  single: [
    ["boot.sh", "/opt/infer-deploy/boot"],
    ["infer-deploy-slot", "/opt/infer-deploy/infer-deploy-slot"],
    ["infer-deploy-door", "/opt/infer-deploy/infer-deploy-door"],
    ["infer-deploy-single.service", "/etc/systemd/system/infer-deploy-agent.service"],
    ["infer-deploy-agent-slot.service", "/etc/systemd/system/infer-deploy-agent-blue.service"],
    ["infer-deploy-agent-slot.service", "/etc/systemd/system/infer-deploy-agent-green.service"],
    ["infer-deploy-app-slot.service", "/etc/systemd/system/infer-deploy-app-blue.service"],
    ["infer-deploy-app-slot.service", "/etc/systemd/system/infer-deploy-app-green.service"],
    ["infer-deploy-before-slot.service", "/etc/systemd/system/infer-deploy-before-blue.service"],
    ["infer-deploy-before-slot.service", "/etc/systemd/system/infer-deploy-before-green.service"],
    ["infer-deploy-door.service", "/etc/systemd/system/infer-deploy-door.service"],
    ["infer-deploy-caddy.service", "/etc/systemd/system/infer-deploy-caddy.service"],
    ["infer-deploy-caddy.conf", "/etc/sysusers.d/infer-deploy-caddy.conf"],
  ],
};

/** Programs that are written in parts and shipped as one file each. The user data has the first, which fetches the others. */
const programs: Readonly<Record<Topology, ReadonlyMap<string, string>>> = {
  fleet: new Map([
    ["bootstrap.py", "bootstrap.py"],
    ["infer-deploy-agent", "agent.py"],
  ]),
  single: new Map([
    ["bootstrap.py", "bootstrap.py"],
    ["infer-deploy-slot", "slot.py"],
    ["infer-deploy-door", "door.py"],
  ]),
};

const partFolders: Readonly<Record<Topology, readonly string[]>> = {
  fleet: ["instance/agent/"],
  single: ["instance/agent/", "instance/door/"],
};

/** bootstrap.py and the sources of bundledFiles, by name. Throws when a template is missing or a part cannot be joined. */
export function renderInstanceFiles(topology: Topology, templates: Files): Files {
  const mains = programs[topology];
  const parts = new Map(
    partFolders[topology]
      .flatMap((folder) => templatesUnder(templates, folder))
      .filter(([path]) => path.endsWith(".py")),
  );
  const render = (name: string): string => {
    const main = mains.get(name);
    return main === undefined
      ? templateAt(templates, `instance/${name}`)
      : joinAgent(parts, main, [...mains.values()]);
  };
  const sources = ["bootstrap.py", ...bundledFiles[topology].map(([source]) => source)];
  return new Map(sources.map((name) => [name, render(name)]));
}
