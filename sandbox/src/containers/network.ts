import { readFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";
import { CommandError } from "../../../src/errors/command-error.ts";
import type { Run } from "../../../src/process/run.ts";
import { docker, tryDocker } from "./docker.ts";
import { networkName, sandboxLabel } from "./sandbox-names.ts";
import { chooseSubnet, parseRoutes } from "./subnet.ts";

/** Makes the sandbox's bridge on a range that collides with nothing this machine can see, and returns the range. */
export async function createNetwork(run: Run, sandbox: string): Promise<string> {
  const refused: string[] = [];
  for (;;) {
    const subnet = chooseSubnet([...refused, ...(await takenRanges(run))]);
    if (subnet === undefined)
      throw new CommandError("No private address range is free for the sandbox's network");
    const result = await tryDocker(run, createArgv(sandbox, subnet));
    if (result.exitCode === 0) return subnet;
    // Another sandbox that starts at the same moment may have taken it.
    if (!/overlap/i.test(result.stderr))
      throw new CommandError("The sandbox's network cannot be made", { why: result.stderr.trim() });
    refused.push(subnet);
  }
}

/** Brings back a network that was taken away, on the range that the sandbox had. */
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
  // A network may go away between the two commands; the others are printed all the same.
  const inspected = await tryDocker(run, ["network", "inspect", "--format", format, ...ids], {
    writes: false,
  });
  const interfaces = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).flatMap((one) => one.cidr ?? []),
  );
  const routes = parseRoutes(await readFile("/proc/net/route", "utf8").catch(() => ""));
  return [...inspected.stdout.split(/\s+/).filter(Boolean), ...interfaces, ...routes];
}
