export type Platform = "linux/amd64" | "linux/arm64";

/** The platform that the instance type's processor runs. */
export function platformOf(instanceType: string): Platform {
  const family = instanceType.split(".")[0] ?? "";
  if (family === "a1") return "linux/arm64";
  const attributes = familyPattern.exec(family)?.[1] ?? "";
  return attributes.includes("g") ? "linux/arm64" : "linux/amd64";
}

/** Family, generation, attributes, size: c7gn.2xlarge, u7i-12tb.224xlarge, m7i.metal-24xl. */
export const instanceTypePattern =
  /^[a-z]+(?:-[0-9]+tb)?[0-9]+[a-z0-9-]*\.(?:nano|micro|small|medium|large|[1-9][0-9]{0,2}?xlarge|xlarge|metal(?:-[1-9][0-9]{0,2}xl)?)$/;

// After the generation's number a `g` stands for Graviton (in p6e-gb200 for Grace, Arm as well); before it, as in g4dn, for graphics.
// https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
const familyPattern = /^[a-z]+(?:-[0-9]+tb)?[0-9]+([a-z0-9-]*)$/;
