import { lookup } from "node:dns/promises";
import { CommandError } from "../errors/command-error.ts";
import type { Attest } from "../config/schema/image.ts";
import { askEngine } from "../image/ask-engine.ts";
import { findAttester } from "../image/attest/attester.ts";
import { freeBytes, leastFreeBytes } from "../process/free-space.ts";
import type { Run } from "../process/programs/run.ts";
import { findTerraform } from "../terraform/run/binary.ts";
import { failed, ok, unknown, warning, type Finding } from "./finding.ts";

export async function checkEngine(run: Run, signal: AbortSignal): Promise<Finding> {
  try {
    return ok("Docker engine", await askEngine(run, signal));
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const { message, why = message, next = "docker version" } = error;
    return failed("Docker engine", `no engine answers: ${why}`, next);
  }
}

export async function checkBuildx(run: Run, signal: AbortSignal): Promise<Finding> {
  const answer = await run({ file: "docker", args: ["buildx", "version"], writes: false, signal });
  return answer.exitCode === 0
    ? ok("Docker buildx", answer.stdout.trim())
    : warning(
        "Docker buildx",
        "not installed, so images are built without BuildKit: RUN --mount does not work",
        "https://docs.docker.com/go/buildx/",
      );
}

/** Whether images can have an SBOM and provenance here; nothing where none are wanted. */
export async function checkAttester(
  run: Run,
  attest: Attest,
  signal: AbortSignal,
): Promise<Finding | readonly []> {
  if (attest === "off") return [];
  const found = await findAttester(run, signal);
  const title = "SBOM and provenance";
  if (typeof found === "string") return ok(title, `made by the ${found}`);
  const { why, next } = found;
  return attest === "required" ? failed(title, why, next) : warning(title, `none: ${why}`, next);
}

export async function checkTerraform(
  run: Run,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Finding> {
  try {
    const { product, version } = await findTerraform(run, env);
    return ok("Terraform", `${product} ${version}`);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return failed("Terraform", error.message, error.next ?? "terraform version");
  }
}

/** The disk on which Terraform's working folders are. `folder` need not exist yet. */
export async function checkDisk(folder: string): Promise<Finding> {
  const free = await freeBytes(folder);
  if (free === undefined) return unknown("disk", "its file system does not say what is free");
  const detail = `${(free / gibibyte).toFixed(1)} GiB free`;
  const next = "df -h, docker system df; docker builder prune frees old build steps";
  if (free < leastFreeBytes) return failed("disk", detail, next);
  return free < fewGibibytes * gibibyte ? warning("disk", detail, next) : ok("disk", detail);
}

/** Whether this machine resolves the names of AWS's API. */
export async function checkNames(host: string): Promise<Finding> {
  try {
    await lookup(host);
    return ok("DNS", `${host} resolves`);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    return failed("DNS", `${host} does not resolve (${code})`, "check the network and its DNS");
  }
}

/**
 * `offset`: milliseconds that AWS's clock is ahead of this machine's.
 * AWS refuses signatures that are more than five minutes off (IAM user guide, "Signature Version 4").
 */
export function judgeClock(offset: number): Finding {
  const minutes = Math.abs(offset) / 60_000;
  const detail = `${offset < 0 ? "ahead of" : "behind"} AWS's by ${minutes.toFixed(1)} min`;
  const next = "sudo timedatectl set-ntp true";
  if (minutes >= refusedMinutes) return failed("clock", detail, next);
  return minutes >= 0.5 ? warning("clock", detail, next) : ok("clock", "agrees with AWS's");
}

const gibibyte = 1024 ** 3;
const fewGibibytes = 5;
const refusedMinutes = 5;
