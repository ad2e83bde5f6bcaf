import { expect, test } from "vitest";
import { fakeRegion } from "../../test/_helpers/fake-region.ts";
import { stackRecord } from "../../test/_helpers/rollout-values.ts";
import { applyMinimum } from "./minimum.ts";

async function apply(region: ReturnType<typeof fakeRegion>, min: number) {
  const said: string[] = [];
  const changed = await applyMinimum(
    { reporter: { notify: (event) => said.push(JSON.stringify(event)), ask: async () => false } },
    { aws: region.aws, config: { instances: { min } } },
    stackRecord(),
  );
  return { changed, said: said.join("\n") };
}

test("a minimum that grows brings the instances with it", async () => {
  const region = fakeRegion();
  const { changed, said } = await apply(region, 3);
  expect(changed).toBe(true);
  expect(said).toContain("minimum of the blue group: 1 -> 3 instances");
  expect(region.groups.blue).toEqual({ min: 3, desired: 3, max: 4 });
});

test("a minimum that shrinks takes them away again", async () => {
  const region = fakeRegion();
  await apply(region, 3);
  region.instances = [
    { id: "i-old", healthy: true },
    { id: "i-booting", healthy: false },
    { id: "i-new", healthy: true },
  ];
  await apply(region, 1);
  expect(region.groups.blue).toEqual({ min: 1, desired: 1, max: 4 });
  expect(region.instances).toHaveLength(1);
});

test("what serves stays, however old it is", async () => {
  const region = fakeRegion();
  await apply(region, 2);
  region.instances = [
    { id: "i-old", healthy: true },
    { id: "i-booting", healthy: false },
  ];
  await apply(region, 1);
  expect(region.instances).toEqual([{ id: "i-old", healthy: true }]);
});

test("more instances than the minimum are there for a reason, and stay", async () => {
  const region = fakeRegion();
  Object.assign(region.groups.blue, { min: 2, desired: 3 });
  await apply(region, 1);
  expect(region.groups.blue).toEqual({ min: 1, desired: 3, max: 4 });
});

test("it is the serving colour's group, and nothing is changed twice", async () => {
  const region = fakeRegion();
  region.weights = { blue: 0, green: 100 };
  Object.assign(region.groups.green, { min: 1, desired: 1 });
  expect(await apply(region, 2)).toMatchObject({ changed: true });
  expect(await apply(region, 2)).toMatchObject({ changed: false });
  expect(region.groups).toEqual({
    blue: { min: 1, desired: 1, max: 4 },
    green: { min: 2, desired: 2, max: 4 },
  });
});
