import { expect, test } from "vitest";
import { imageSource } from "./source.ts";

const image = {
  context: "../app",
  dockerfile: "docker/Dockerfile",
  buildArgs: { A: "file", B: "file" },
  port: 8080,
  platform: "linux/amd64" as const,
  attest: "auto" as const,
  ref: null,
  excess: [],
  target: "serve",
  secrets: [
    { id: "pip", from: "file" as const, name: "pip.conf" },
    { id: "token", from: "env" as const, name: "TOKEN" },
  ],
};

test("paths are meant from the config's folder, and the command line's arguments win", () => {
  expect(imageSource({ name: "app", image }, "/home/ada/deploy", { B: "flag" })).toEqual({
    context: "/home/ada/app",
    dockerfile: "/home/ada/app/docker/Dockerfile",
    buildArgs: { A: "file", B: "flag" },
    target: "serve",
    secrets: [
      { id: "pip", from: "file", name: "/home/ada/deploy/pip.conf" },
      { id: "token", from: "env", name: "TOKEN" },
    ],
    platform: "linux/amd64",
    tag: "infer-deploy-build/app:latest",
  });
});
