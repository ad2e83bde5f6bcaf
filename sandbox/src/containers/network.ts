import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { CommandError } from "../../../src/errors/command-error.ts";
import type { Run } from "../../../src/process/programs/run.ts";
import { docker, tryDocker } from "./docker.ts";
import { networkName, sandboxLabel } from "./sandbox-names.ts";
import { chooseSubnet, parseRoutes } from "./subnet.ts";

/** Creates the sandbox's bridge network on a range that no other network or route of this machine uses, and returns the range. */
export async function createNetwork(run: Run, sandbox: string): Promise<string> {
  const refused: string[] = [];
  for (;;) {
    const subnet = chooseSubnet([...refused, ...(await takenRanges(run))]);
    if (subnet === undefined)
      throw new CommandError("No private address range is free for the sandbox's network");
    const result = await tryDocker(run, createArgv(sandbox, subnet));
    if (result.exitCode === 0) return subnet;
    // Another sandbox that starts at the same time may have taken it.
    if (!/overlap/i.test(result.stderr))
      throw new CommandError("The sandbox's network cannot be created", {
        why: result.stderr.trim(),
      });
    refused.push(subnet);
  }
}

/** Creates a removed network again, on the sandbox's old range. */
export async function ensureNetwork(run: Run, sandbox: string, subnet: string): Promise<void> {
  const found = await tryDocker(run, ["network", "inspect", networkName(sandbox)], {
    writes: false,
  });
  if (found.exitCode !== 0) await docker(run, createArgv(sandbox, subnet));
}

function createArgv(sandbox: string, subnet: string): string[] {
  return [
    "network",
    "create",
    "--driver",
    "bridge",
    "--subnet",
    subnet,
    "--label",
    `${sandboxLabel}=${sandbox}`,
    networkName(sandbox),
  ];
}

async function takenRanges(run: Run): Promise<string[]> {
  const ids = (await docker(run, ["network", "ls", "--quiet"], { writes: false }))
    .split("\n")
    .filter(Boolean);
  const format = "{{range .IPAM.Config}}{{.Subnet}} {{end}}";
  // A network may be removed between the two commands; docker still prints the others.
  const inspected = await tryDocker(run, ["network", "inspect", "--format", format, ...ids], {
    writes: false,
  });
  const interfaces = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).flatMap((one) => one.cidr ?? []),
  );
  const routes = parseRoutes(await readFile("/proc/net/route", "utf8").catch(() => ""));
  return [...inspected.stdout.split(/\s+/).filter(Boolean), ...interfaces, ...routes];
}
