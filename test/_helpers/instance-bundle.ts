import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Topology } from "../../src/config/schema/config.ts";
import { bundledFiles, renderInstanceFiles } from "../../src/terraform/render/instance-files.ts";
import { loadTemplates } from "../../src/terraform/render/template-files.ts";

export interface InstanceBundle {
  readonly reference: { readonly key: string; readonly sha256: string };
  /** The object in the bucket. */
  readonly content: string;
}

/** What the modules' user-data.tf make of the rendered files, under the prefix of a stack. */
export async function bundleFiles(topology: Topology, prefix: string): Promise<InstanceBundle> {
  const rendered = renderInstanceFiles(topology, await loadTemplates());
  const files = bundledFiles[topology].map(([source, path]) => ({
    path,
    permissions: path.startsWith("/opt/") ? "0755" : "0644",
    content: rendered.get(source),
  }));
  const content = JSON.stringify({ files });
  const sha256 = createHash("sha256").update(content).digest("hex");
  return { reference: { key: `${prefix}/instance/${sha256}.json`, sha256 }, content };
}

/** The user data, as the modules make it. `parameters`: the content of instance.json. */
export async function bundleUserData(topology: Topology, parameters: object): Promise<Buffer> {
  const rendered = renderInstanceFiles(topology, await loadTemplates());
  const config = {
    runcmd: [["/opt/infer-deploy/bootstrap"]],
    write_files: [
      {
        path: "/opt/infer-deploy/bootstrap",
        owner: "root:root",
        permissions: "0755",
        content: rendered.get("bootstrap.py"),
      },
      {
        path: "/etc/infer-deploy/instance.json",
        owner: "root:root",
        permissions: "0644",
        content: JSON.stringify(parameters),
      },
    ],
  };
  return gzipSync(`#cloud-config\n${JSON.stringify(config)}\n`);
}
