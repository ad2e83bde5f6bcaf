import { expect, test } from "vitest";
import { parseConfig } from "../../../parse.ts";
import { formatProblems } from "../../problem.ts";

const base = "name: a\nregion: eu-central-1\ninstances: { memory: 1000 }\n";

function parse(text: string, environment = "production") {
  const overrides = { environment: { value: environment, origin: "--environment" } };
  return parseConfig({ text: `${base}${text}\n`, file: "f.yml", overrides });
}

function problemsOf(text: string): string {
  const parsed = parse(text);
  return "problems" in parsed ? formatProblems(parsed.problems).join("\n") : "";
}

test.each([
  ["{ shm: 2gb }", /^f\.yml:4:\d+ {2}container\.shm: found 2048 MB with instances\.memory 1000/],
  ["{ shm: 1.5gb }", /^f\.yml:4:\d+ {2}container\.shm: found "1\.5gb", allowed a size from 1 MB/],
  ["{ tmp: { size: 2000 } }", /container\.tmp\.size: found 2000 MB/],
  ["{ writable: [data] }", /container\.writable\[0\]: found "data", allowed an absolute path/],
  ["{ writable: [/a/../b] }", /container\.writable\[0\]: .*allowed an absolute path/],
  ["{ writable: [/] }", /container\.writable\[0\]: .*allowed an absolute path/],
  ["{ writable: [/data, /data] }", /container\.writable\[1\]: found \/data a second time/],
  [
    "{ writable: [/data, /data/in] }",
    /writable\[1\]: found \/data\/in and \/data, allowed folders/,
  ],
  ["{ writable: [/tmp/x] }", /writable\[0\]: found \/tmp\/x, allowed a path outside \/tmp/],
  [
    "{ writable: [/data], cache: { path: /data/c } }",
    /container\.cache\.path: found \/data\/c and \/data/,
  ],
  ["{ cache: { path: cache } }", /container\.cache\.path: .*allowed an absolute path/],
  ["{ cache: { path: /c, size: 40gb } }", /cache\.size: found 40 GB on a disk of 30 GB/],
  [
    "{ capabilities: [SETUID, FLY] }",
    /^f\.yml:4:\d+ {2}container\.capabilities\[1\]: found "FLY", allowed a capability of Linux/,
  ],
  ["{ ulimits: { files: 1 } }", /container\.ulimits\.files: found the name "files", .*nofile/],
  ["{ ulimits: { nofile: many } }", /container\.ulimits\.nofile: found "many", allowed a whole/],
  ["{ ulimits: { nofile: { soft: 2, hard: 1 } } }", /ulimits\.nofile: found soft 2 with hard 1/],
  ["{ user: 'a b' }", /container\.user: found "a b", allowed a user's name or number/],
  ["{ command: run }", /container\.command: found "run", allowed a list of 1 to 100 words/],
  ["{ stop_timeout: 2h }", /container\.stop_timeout: found "2h", allowed a duration from 1s/],
])("container: %s is refused with its line", (container, problem) => {
  expect(problemsOf(`container: ${container}`)).toMatch(problem);
});

test("an image that starts as root and steps down fits in", () => {
  const parsed = parse(`container:
  entrypoint: [/entry, "a b"]
  command: [--port, "8080"]
  user: "0:0"
  stop_timeout: 90s
  ulimits: { nofile: 65536, memlock: { soft: -1, hard: -1 } }
  writable: [/data]
  tmp: { size: 100, exec: true }
  capabilities: [SETUID, SETGID]
  shm: 1000mb
  cache: { path: /cache }`);
  expect(parsed).toMatchObject({
    config: {
      container: {
        entrypoint: ["/entry", "a b"],
        command: ["--port", "8080"],
        user: "0:0",
        stopSeconds: 90,
        ulimits: { nofile: { soft: 65_536, hard: 65_536 }, memlock: { soft: -1, hard: -1 } },
        readOnly: true,
        writable: ["/data"],
        tmp: { sizeMb: 100, exec: true },
        capabilities: ["SETUID", "SETGID"],
        shmMb: 1000,
        cache: { path: "/cache", sizeMb: 15 * 1024 },
      },
    },
  });
});

test("a type with a GPU has a quarter of the memory as shared memory, unless a key says otherwise", () => {
  const gpu = "instances: { type: g5.xlarge, machine_image: ami-12345678 }";
  const settled = (text: string) => {
    const file = `name: a\nregion: eu-central-1\n${text}\n`;
    const parsed = parseConfig({ text: file, file: "f.yml", overrides: {} });
    return "config" in parsed ? parsed.config.container.shmMb : parsed.problems;
  };
  expect(settled(gpu)).toBeNull();
  expect(settled(`${gpu}\ncontainer: { shm: 64 }`)).toBe(64);
});

test("a PORT that contradicts image.port is refused, and so are the names that infer-deploy sets", () => {
  expect(problemsOf("env: { PORT: 9000 }")).toMatch(
    /^f\.yml:4:\d+ {2}env\.PORT: found 9000 with image\.port 8080, allowed no PORT/,
  );
  expect(problemsOf("env: { PORT: 8080 }")).toBe("");
  expect(problemsOf("env: { INFER_DEPLOY_VERSION: x }")).toMatch(
    /env\.INFER_DEPLOY_VERSION: found/,
  );
});

test("variables keep line breaks, dots and hyphens, and an environment removes one with null", () => {
  const env = `env: { KEY: "a\\nb\\n", log.level: debug, my-name: "\${HOME}", A: 1 }`;
  const text = `${env}\nenvironments: { staging: { env: { A: null, B: 2 } }, production: }`;
  const kept = { KEY: "a\nb\n", "log.level": "debug", "my-name": "${HOME}" };
  expect(parse(text, "staging")).toMatchObject({ config: { env: { ...kept, B: "2" } } });
  expect(parse(text, "staging")).not.toHaveProperty("config.env.A");
  expect(parse(text)).toMatchObject({ config: { env: { ...kept, A: "1" } } });
  expect(problemsOf("env: { A: null }")).toMatch(/env\.A: found nothing, allowed text/);
});

test("the codes of the health path are those that a load balancer takes", () => {
  expect(problemsOf("health: { codes: [500] }")).toMatch(/health\.codes\[0\]: found 500, allowed/);
  expect(parse("health: { codes: [401, 401, 200] }")).toMatchObject({
    config: { health: { codes: [401, 200] }, release: { probe: { status: 401 } } },
  });
});

test.each([
  ["c6gd.large", true],
  ["g5.xlarge", true],
  ["i4i.large", true],
  ["c7i.large", false],
  ["t3.small", false],
])("a cache that is larger than the disk of %s may be on its local disk: %s", (type, isThere) => {
  const file = `name: a\nregion: eu-central-1\ninstances: { type: ${type}, machine_image: ami-12345678 }\ncontainer: { cache: { path: /c, size: 100gb } }\n`;
  const parsed = parseConfig({ text: file, file: "f.yml", overrides: {} });
  const problems = "problems" in parsed ? formatProblems(parsed.problems).join("\n") : "";
  expect(!problems.includes("cache.size")).toBe(isThere);
});
