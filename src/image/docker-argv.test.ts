import { expect, test } from "vitest";
import { attestedArgv, buildArgv, buildStep, loginArgv, pushArgv, tagArgv } from "./docker-argv.ts";

const request = {
  context: "/app",
  dockerfile: "/app/Dockerfile",
  buildArgs: { B: "2", A: "x y" },
  target: null,
  secrets: [],
  platform: "linux/amd64",
  tag: "infer-deploy-build/app:latest",
  idFile: "/tmp/id",
};

test("classic builder", () => {
  expect(buildArgv({ ...request, builder: "classic" })).toEqual([
    "build",
    "--force-rm",
    "--file",
    "/app/Dockerfile",
    "--tag",
    "infer-deploy-build/app:latest",
    "--iidfile",
    "/tmp/id",
    "--platform",
    "linux/amd64",
    "--build-arg",
    "A",
    "--build-arg",
    "B",
    "--",
    "/app",
  ]);
});

test("buildx loads the image and adds no attestation", () => {
  expect(buildArgv({ ...request, builder: "buildx" }).slice(0, 5)).toEqual([
    "buildx",
    "build",
    "--output=type=docker,oci-mediatypes=true",
    "--provenance=false",
    "--progress=plain",
  ]);
});

test("secrets are arguments by the name of their file or variable only, and the stage by its name", () => {
  const secrets = [
    { id: "token", from: "env" as const, name: "HF_TOKEN" },
    { id: "pip", from: "file" as const, name: '/app/pip, "old".conf' },
  ];
  const args = buildArgv({ ...request, secrets, target: "serve", builder: "buildkit" });
  expect(args.slice(0, 2)).toEqual(["build", "--progress=plain"]);
  expect(args.slice(-8)).toEqual([
    ...["--target", "serve", "--secret", "id=token,env=HF_TOKEN"],
    ...["--secret", 'id=pip,"src=/app/pip, ""old"".conf"', "--", "/app"],
  ]);
  const source = { ...request, secrets, target: "serve" };
  expect(attestedArgv({ ...attested, source })).toEqual(
    expect.arrayContaining(["--target", "serve", "id=token,env=HF_TOKEN"]),
  );
});

const attested = {
  source: request,
  output: ["--load", "--tag", "host/app:v1"],
  metadataFile: "/tmp/metadata",
  hasProxies: false,
};

test("an attested build has an SBOM and provenance, and goes where its options say", () => {
  expect(attestedArgv(attested)).toEqual([
    ...["buildx", "build", "--progress=plain", "--sbom=true", "--provenance=mode=min"],
    ...["--load", "--tag", "host/app:v1", "--file", "/app/Dockerfile"],
    ...["--metadata-file", "/tmp/metadata", "--platform", "linux/amd64"],
    ...["--build-arg", "A", "--build-arg", "B", "--", "/app"],
  ]);
});

test("only a build without arguments, a proxy's among them, has all of its provenance", () => {
  const bare = { ...attested, source: { ...request, buildArgs: {} } };
  expect(attestedArgv(bare)).toContain("--provenance=mode=max");
  expect(attestedArgv({ ...bare, hasProxies: true })).toContain("--provenance=mode=min");
});

test("a password is never an argument", () => {
  expect(loginArgv("AWS", "host")).toEqual([
    "login",
    "--username",
    "AWS",
    "--password-stdin",
    "host",
  ]);
});

test("references come after the end of options", () => {
  expect(tagArgv("sha256:1", "host/app:v1")).toEqual(["tag", "--", "sha256:1", "host/app:v1"]);
  expect(pushArgv("host/app:v1")).toEqual(["push", "--", "host/app:v1"]);
});

test.each([
  ["Step 3/12 : RUN npm ci", "3/12 RUN npm ci"],
  ["#7 [3/5] COPY . .", "3/5 COPY . ."],
  ["#12 [export 2/4] RUN pip install onnx", "2/4 RUN pip install onnx"],
  [" ---> Running in 12ab", undefined],
  ["#7 DONE 0.1s", undefined],
])("%s", (line, step) => {
  expect(buildStep(line)).toBe(step);
});
