import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageRoot } from "../../../src/package-root.ts";
import { weatherNames } from "./weather-names.ts";
import { parseWeather, weatherText } from "./weather-text.ts";

test.each([
  ["slow-boot", { "slow-boot": true }],
  ["slow-metrics=2m, slow-boot", { "slow-metrics": "2m", "slow-boot": true }],
  ["unreachable=a=b", { unreachable: "a=b" }],
  ["none", {}],
  ["", {}],
])("%j", (text, weather) => {
  expect(parseWeather(text, "--weather")).toEqual(weather);
});

test("what is on can be typed again", () => {
  const weather = { "slow-metrics": "2m", "slow-boot": true } as const;
  expect(weatherText(weather)).toBe("slow-metrics=2m,slow-boot");
  expect(parseWeather(weatherText(weather), "")).toEqual(weather);
  expect(weatherText({})).toBe("none");
});

test("an unknown name is refused with the list", () => {
  expect(() => parseWeather("slow-boot,hail=1", "INFER_DEPLOY_WEATHER")).toThrow(
    'INFER_DEPLOY_WEATHER takes conditions of the weather, and "hail" is none.',
  );
});

const emulator = join(packageRoot, "sandbox", "region", "emulator", "weather");
const ownNames = weatherNames.filter((name) => name !== "aws");

test("every name is a condition of the emulator, and every condition has its name here", () => {
  const sources = ["api", "authority", "machines"].flatMap((folder) =>
    readdirSync(join(emulator, folder))
      .filter((file) => file.endsWith(".py"))
      .map((file) => readFileSync(join(emulator, folder, file), "utf8")),
  );
  const names = sources.flatMap((source) => /^ {4}name = "(.+)"$/m.exec(source)?.[1] ?? []);
  expect(names.toSorted()).toEqual(ownNames.toSorted());
});

test("the reference has a row for each", () => {
  const page = readFileSync(join(packageRoot, "docs", "reference", "sandbox.md"), "utf8");
  const section = page.split("\n## Weather\n")[1]?.split("\n## ")[0] ?? "";
  const rows = [...section.matchAll(/^\| `([a-z-]+)` \| .+ \| .+ \| .+ \|$/gm)];
  expect(rows.map(([, name = ""]) => name).toSorted()).toEqual(ownNames.toSorted());
});
