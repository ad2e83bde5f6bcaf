import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { defaultEngine } from "../../sandbox/src/client/engine-versions.ts";
import type { Colour } from "../../src/stack/colour.ts";
import type { Traffic } from "../../src/state/traffic.ts";
import { repository } from "./cli.ts";
import { bundleFiles, bundleUserData } from "./instance-bundle.ts";
import {
  baseImages,
  bootContainers,
  buildApp,
  docker,
  type Containers,
} from "./instance-containers.ts";
import { instanceId, parameters, releaseRecord } from "./instance-seed.ts";

export interface SingleMachine extends Pick<Containers, "exec" | "name" | "remove" | "endpoint"> {
  /** Where port 80 of the machine answers. */
  readonly url: string;
  /** Points a slot at a release of the test's application. */
  readonly release: (colour: Colour, release: number, mode?: string) => Promise<void>;
  /** Resolves to the document's generation. */
  readonly traffic: (changes: Partial<Traffic>) => Promise<number>;
  readonly settings: (changes: object) => Promise<void>;
  /** Every report of "blue", "green" or "door", oldest first. */
  readonly reports: <T>(part: string) => Promise<readonly T[]>;
  /** Lines that reached CloudWatch Logs. */
  readonly logs: () => Promise<readonly string[]>;
  /** AssociateAddress, as it was called. */
  readonly addresses: () => Promise<readonly Readonly<Record<string, string>>[]>;
}

/** Boots a single machine in a container, with user data, its own AWS and Caddy of templates/door. */
export async function bootSingle(): Promise<SingleMachine> {
  const containers = await bootContainers(defaultEngine, {
    images: [await buildApp(), await buildCaddy()],
    options: ["--publish", "127.0.0.1:0:80"],
    prepare: async ({ folder, endpoint, put }) => {
      const { reference, content } = await bundleFiles("single", parameters.prefix);
      await fetch(`${endpoint}/_objects/${parameters.bucket}/${reference.key}`, {
        method: "PUT",
        body: content,
      });
      await put(slots.blue.pointer, "{}");
      await put(slots.green.pointer, "{}");
      await put(door.settings, JSON.stringify(settings));
      const { colour: _, pointer: __, ...common } = parameters;
      const machineSettings = { ...common, bundle: reference, slots, door, metrics };
      await writeFile(join(folder, "user-data"), await bundleUserData("single", machineSettings));
      await writeFile(join(folder, "meta-data"), JSON.stringify({ "instance-id": instanceId }));
    },
  });
  const published = await docker("port", `${containers.name}-instance`, "80/tcp");
  return machine(containers, `http://${published.split("\n")[0]}`);
}

function machine(containers: Containers, url: string): SingleMachine {
  const { endpoint, digests, exec, name, remove } = containers;
  const [app, caddy] = digests;
  const put = (parameter: string, value: unknown) =>
    fetch(endpoint, {
      method: "POST",
      headers: { "x-amz-target": "SSM.PutParameter" },
      body: JSON.stringify({ Name: parameter, Value: JSON.stringify(value) }),
    });
  const read = async <T>(path: string) => (await fetch(endpoint + path)).json() as Promise<T>;
  let document: Traffic = {
    generation: 0,
    image: `cloud:5001/caddy@${caddy}`,
    weights: { blue: 0, green: 0 },
    probe: null,
    pause: null,
    slots: { blue: { run: true, until: null }, green: { run: true, until: null } },
  };
  return {
    exec,
    name,
    remove,
    endpoint,
    url,
    release: async (colour, release, mode = "versions") => {
      const image = `cloud:5001/app@${app}`;
      const record = `${parameters.prefix}/releases/${String(release).padStart(4, "0")}.json`;
      const content = releaseRecord(release, mode, image, { timeout_seconds: 60 });
      await fetch(`${endpoint}/_objects/${parameters.bucket}/${record}`, {
        method: "PUT",
        body: JSON.stringify(content),
      });
      await put(slots[colour].pointer, {
        schema_version: 1,
        release,
        version: `v${release}`,
        image,
        record,
      });
      await exec("systemctl", "reload", `infer-deploy-agent-${colour}`);
    },
    traffic: async (changes) => {
      document = { ...document, ...changes, generation: document.generation + 1 };
      await put(door.traffic, document);
      return document.generation;
    },
    settings: async (changes) => {
      await put(door.settings, { ...settings, ...changes });
    },
    reports: async <T>(part: string) => {
      const path = `${parameters.bucket}/${parameters.prefix}/agents/${instanceId}-${part}.json`;
      const versions = await read<string[]>(`/_history/${path}`);
      return versions.map((version) => JSON.parse(version) as T);
    },
    logs: () => read("/_logs"),
    addresses: () => read("/_addresses"),
  };
}

/** The image of templates/door; resolves to its tag. */
async function buildCaddy(): Promise<string> {
  const image = "infer-deploy-test-caddy";
  const go = (await baseImages()).golang;
  const argument = ["--build-arg", `GO_IMAGE=${go}`];
  await docker("build", "--tag", image, ...argument, join(repository, "templates/door"));
  return image;
}

const base = "/infer-deploy/embeddings/production";
const slots = {
  blue: { pointer: `${base}/blue/release`, port: 8081 },
  green: { pointer: `${base}/green/release`, port: 8082 },
};
const door = {
  settings: `${base}/door/settings`,
  traffic: `${base}/door/traffic`,
  address: "eipalloc-1",
};
const metrics = {
  log_group: `${base}/metrics`,
  namespace: "InferDeploy",
  instances: false,
  path: "/metrics",
  series: [],
};
const settings = {
  domains: [],
  headers: { "X-Frame-Options": "DENY" },
  body_limit_bytes: 1000,
  request_seconds: 60,
  drain_seconds: 60,
  health_path: "/healthz",
  authority: null,
  email: null,
};
