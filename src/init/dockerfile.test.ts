import { expect, test } from "vitest";
import { readDockerfile } from "./dockerfile.ts";

const lines = (...text: readonly string[]) => readDockerfile(text.join("\n"));

test.each([
  [["EXPOSE 8000"], [8000]],
  [
    ["EXPOSE 9090 8000/tcp", "EXPOSE 53/udp"],
    [9090, 8000],
  ],
  [["ENV PORT=3000", "EXPOSE $PORT"], [3000]],
  [["EXPOSE 8000-8010"], [8000]],
  [["# EXPOSE 1", "RUN echo EXPOSE 2"], []],
  [["EXPOSE 0 70000 http"], []],
  [
    ["EXPOSE \\", "  80 \\", "  443"],
    [80, 443],
  ],
  [["RUN <<EOT", "EXPOSE 1", "EOT", "EXPOSE 2"], [2]],
])("%j exposes %j", (text, ports) => {
  expect(lines("FROM python:3.12", ...text)?.ports).toEqual(ports);
});

test("only the final stage counts, with the stages that it continues", () => {
  const facts = lines(
    "FROM debian AS base",
    "ENV A=1",
    "EXPOSE 8500",
    "USER base",
    "FROM base AS build",
    "EXPOSE 1",
    "USER root",
    "FROM base AS serve",
    "ENV B=2",
    "FROM SERVE",
    "COPY --from=build /model /model",
    "EXPOSE 8600",
  );
  expect(facts).toMatchObject({ ports: [8500, 8600], env: { A: "1", B: "2" }, user: "base" });
});

test.each([
  ["HEALTHCHECK CMD curl -f http://localhost:8000/up?deep=1 || exit 1", "/up?deep=1"],
  ['HEALTHCHECK --interval=5s CMD ["wget", "-q", "http://127.0.0.1/live"]', "/live"],
  ["HEALTHCHECK CMD curl -f http://other.example.com/up", null],
  ["HEALTHCHECK NONE", null],
])("%s asks %s", (line, path) => {
  expect(lines("FROM a", line)?.healthPath).toBe(path);
});

test("arguments without a default, and what is copied from the context", () => {
  const facts = lines(
    "ARG BASE",
    "ARG TAG=1",
    "FROM $BASE",
    "ARG TARGETARCH",
    "COPY --chown=app a.py b.py /app/",
    'COPY ["model.bin", "/app/"]',
    "COPY src/*.py /app/",
    "ADD https://example.com/x /x",
    "COPY --from=base /y /y",
  );
  expect(facts?.openArgs).toEqual(["BASE"]);
  expect(facts?.sources).toEqual(["a.py", "b.py", "model.bin"]);
});

test.each(["", "EXPOSE 80", "# FROM a", "\u0000"])("%j holds no image", (text) => {
  expect(readDockerfile(text)).toBeNull();
});
