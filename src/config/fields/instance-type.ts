export type Platform = "linux/amd64" | "linux/arm64";

/** The platform of the instance type's processor. */
export function platformOf(instanceType: string): Platform {
  const family = instanceType.split(".")[0] ?? "";
  if (family === "a1") return "linux/arm64";
  const attributes = familyPattern.exec(family)?.[1] ?? "";
  return attributes.includes("g") ? "linux/arm64" : "linux/amd64";
}

/** A type that earns credits for bursts above a baseline speed. */
export function isBurstable(instanceType: string): boolean {
  return /^t[2-9]/.test(instanceType);
}

/** What the type's family offers in addition to processor and memory; null for a family that has nothing else. */
export function acceleratorOf(instanceType: string): string | null {
  const letters = /^[a-z]+(?=[0-9])/.exec(instanceType)?.[0] ?? "";
  return accelerators.get(letters) ?? null;
}

/** Types with a local disk have a d in the family's attributes, such as c6gd; some families always have one. */
export function hasInstanceStore(type: string): boolean {
  const [family = ""] = type.split(".");
  return (
    /^[a-z]+[0-9]+[a-z]*d/.test(family) || /^(?:d[0-9]|g5$|g6|gr6|h1|i(?!nf)|p[45])/.test(family)
  );
}

/** Family, generation, attributes, size: c7gn.2xlarge, u7i-12tb.224xlarge, m7i.metal-24xl. */
export const instanceTypePattern =
  /^[a-z]+(?:-[0-9]+tb)?[0-9]+[a-z0-9-]*\.(?:nano|micro|small|medium|large|[1-9][0-9]{0,2}?xlarge|xlarge|metal(?:-[1-9][0-9]{0,2}xl)?)$/;

// After the generation's number, `g` means Graviton (in p6e-gb200 Grace, which is Arm too). Before it, as in g4dn, it means graphics.
// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
const familyPattern = /^[a-z]+(?:-[0-9]+tb)?[0-9]+([a-z0-9-]*)$/;

/** https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html */
const accelerators: ReadonlyMap<string, string> = new Map([
  ["p", "GPU"],
  ["g", "GPU"],
  ["gr", "GPU"],
  ["inf", "Inferentia chip"],
  ["trn", "Trainium chip"],
  ["dl", "deep learning accelerator"],
  ["vt", "video accelerator"],
  ["f", "FPGA"],
]);
