import { expect, test } from "vitest";
import { pathsOf, readKnownKeys } from "./known-keys.ts";

const good = { name: "api", region: "eu-west-1", image: { context: "app", port: 8000 } };

test("a good file is known as a whole", () => {
  expect(readKnownKeys(good)).toEqual({ known: good, issues: [] });
});

test("a bad value goes alone, and the others stay", () => {
  const { known, issues } = readKnownKeys({ ...good, image: { context: "app", port: "no" } });
  expect(known).toEqual({ ...good, image: { context: "app" } });
  expect(issues.flatMap(pathsOf)).toEqual([["image", "port"]]);
});

test("each unknown key has its own path", () => {
  const { known, issues } = readKnownKeys({ ...good, imag: 1, image: { prot: 1, contxt: 2 } });
  expect(known).toEqual({ ...good, image: {} });
  expect(issues.flatMap(pathsOf)).toEqual(
    expect.arrayContaining([["imag"], ["image", "prot"], ["image", "contxt"]]),
  );
});

test("a list with one bad item goes as a whole: without it, it would be another list", () => {
  const { known } = readKnownKeys({ ...good, network: { allow: ["10.0.0.0/8", "nowhere"] } });
  expect(known).toEqual({ ...good, network: {} });
});

test("a missing or bad name hides nothing else", () => {
  const { known, issues } = readKnownKeys({ region: "eu-west-1", zone: 7 });
  expect(known).toMatchObject({ region: "eu-west-1" });
  expect(known).not.toHaveProperty("zone");
  expect(issues.flatMap(pathsOf)).toEqual(expect.arrayContaining([["name"], ["zone"]]));
});

test.each([null, "text", 7, ["a"], undefined])("%j has no keys to know", (value) => {
  expect(readKnownKeys(value)).toMatchObject({ known: null });
});

test("the value that was read is left as it is", () => {
  const value = { ...good, imag: 1 };
  readKnownKeys(value);
  expect(value).toHaveProperty("imag");
});
