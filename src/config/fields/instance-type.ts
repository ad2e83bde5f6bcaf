export type Platform = "linux/amd64" | "linux/arm64";

/** The platform of the instance type's processor. */
export function platformOf(instanceType: string): Platform {
  const family = instanceType.split(".")[0] ?? "";
  if (family === "a1") return "linux/arm64";
  const attributes = familyPattern.exec(family)?.[1] ?? "";
  return attributes.includes("g") ? "linux/arm64" : "linux/amd64";
}

/** Family, generation, attributes, size: c7gn.2xlarge, u7i-12tb.224xlarge, m7i.metal-24xl. */
export const instanceTypePattern =
  /^[a-z]+(?:-[0-9]+tb)?[0-9]+[a-z0-9-]*\.(?:nano|micro|small|medium|large|[1-9][0-9]{0,2}?xlarge|xlarge|metal(?:-[1-9][0-9]{0,2}xl)?)$/;

// After the generation's number, `g` means Graviton (in p6e-gb200 Grace, which is Arm too). Before it, as in g4dn, it means graphics.
// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
const familyPattern = /^[a-z]+(?:-[0-9]+tb)?[0-9]+([a-z0-9-]*)$/;
