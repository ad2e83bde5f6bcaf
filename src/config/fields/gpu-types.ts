import { acceleratorOf } from "./instance-type.ts";

/** Whether the type has GPUs that AWS's Deep Learning Base GPU AMI drives. */
export function isGpuType(instanceType: string): boolean {
  return gpuCountOf(instanceType) !== null;
}

/** How many GPUs the type has; null for a type that the image does not support, or that has none. */
export function gpuCountOf(instanceType: string): number | null {
  const [family = "", size = ""] = instanceType.split(".");
  const sizes = Object.hasOwn(gpus, family) ? gpus[family] : undefined;
  return sizes !== undefined && Object.hasOwn(sizes, size) ? (sizes[size] ?? null) : null;
}

/** How many GPUs every one of the types has; null where the image does not support one of them, or it has none. */
export function fewestGpus(types: readonly string[]): number | null {
  const counts = types.map(gpuCountOf);
  return counts.reduce(
    (least, count) => (least === null || count === null ? null : Math.min(least, count)),
    counts[0] ?? null,
  );
}

/** Whether a container of the type may get NVIDIA's GPUs. Types that the image does not support need a machine image of the user's own. */
export function hasNvidiaGpus(instanceType: string): boolean {
  return acceleratorOf(instanceType) === "GPU" && !instanceType.startsWith("g4ad.");
}

/** For people. */
export function supportedGpuFamilies(): string {
  return Object.keys(gpus).join(", ");
}

/** Sizes with one GPU each. */
function one(...sizes: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(sizes.map((size) => [size, 1]));
}

const small = ["xlarge", "2xlarge", "4xlarge", "8xlarge", "16xlarge"] as const;
const common = { ...one(...small), "12xlarge": 4, "24xlarge": 4, "48xlarge": 8 };

/**
 * Of the families that the release notes of "Deep Learning Base OSS Nvidia Driver GPU AMI (Ubuntu 24.04)" list: for x86 G4dn, G5, G6, Gr6,
 * G6e and P4d to P6, for Arm G5g, P6e-GB200 and P6e-GB300. Fractional GPUs (g6f, gr6f) need another driver.
 * https://docs.aws.amazon.com/dlami/latest/devguide/appendix-ami-release-notes.html, for the counts
 * https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html
 */
const gpus: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  g4dn: { ...one(...small), "12xlarge": 4, metal: 8 },
  g5: common,
  g5g: { ...one("xlarge", "2xlarge", "4xlarge", "8xlarge"), "16xlarge": 2, metal: 2 },
  g6: common,
  gr6: one("4xlarge", "8xlarge"),
  g6e: common,
  p4d: { "24xlarge": 8 },
  p4de: { "24xlarge": 8 },
  p5: { "4xlarge": 1, "48xlarge": 8 },
  p5e: { "48xlarge": 8 },
  p5en: { "48xlarge": 8 },
  "p6-b200": { "48xlarge": 8 },
  "p6-b300": { "48xlarge": 8 },
  "p6e-gb200": { "36xlarge": 4 },
  "p6e-gb300": { "36xlarge": 4 },
};
