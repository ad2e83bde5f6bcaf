/** The config of the stack that is made and removed. */
export const madeStack = {
  name: "bench-faults",
  protection: false,
  region: "eu-west-1",
  image: { context: "app", port: 8000 },
  instances: { type: "t3.micro", min: 1, max: 2 },
};
