import { createRun } from "../../src/process/programs/execa-run.ts";
import { ensureImages } from "../../sandbox/src/lifecycle/images.ts";

/** The sandbox's AWS emulator alone: no registry, no instances, no load balancer that answers. */
export interface Emulator {
  readonly endpoint: string;
  /** What makes terraform and the SDK talk to it. */
  readonly env: Readonly<Record<string, string>>;
  readonly stop: () => Promise<void>;
}

export async function startEmulator(region: string): Promise<Emulator> {
  const run = createRun();
  const reporter = {
    notify: () => {},
    ask: async () => Promise.resolve(false),
    askLine: async () => undefined,
  };
  const { region: image } = await ensureImages({
    run,
    reporter,
    env: process.env,
    interrupts: { aborted: new AbortController().signal },
  });
  const docker = async (...args: string[]): Promise<string> => {
    const result = await run({ file: "docker", args, writes: true });
    if (result.exitCode !== 0) throw new Error(`docker ${args.join(" ")}: ${result.stderr}`);
    return result.stdout.trim();
  };
  const settings = [
    ...["--env", "MOTO_IAM_LOAD_MANAGED_POLICIES=true"],
    ...["--env", "SANDBOX_NAME=test", "--env", "SANDBOX_KEY=sandbox"],
  ];
  const id = await docker(
    "run",
    "--detach",
    "--rm",
    "--publish",
    "127.0.0.1::5000",
    ...settings,
    image,
    "emulator",
  );
  const endpoint = `http://${await docker("port", id, "5000/tcp")}`;
  await waitForAnswer(endpoint);
  return {
    endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "sandbox",
      AWS_SECRET_ACCESS_KEY: "sandbox",
      AWS_REGION: region,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    stop: async () => {
      await docker("rm", "--force", "--volumes", id);
    },
  };
}

async function waitForAnswer(endpoint: string): Promise<void> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const ok = await fetch(`${endpoint}/moto-api/`, {
      headers: { "x-sandbox-key": "sandbox" },
    }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`The emulator does not answer at ${endpoint}`);
}
