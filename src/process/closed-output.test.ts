import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { isClosed, outputFailure, writeTo } from "./closed-output.ts";

function pipe() {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  return Object.assign(new EventEmitter(), { written, write });
}

test.each(["EPIPE", "EIO"])("after %s nothing more is written", (code) => {
  const stream = pipe();
  writeTo(stream, "one");
  expect(isClosed(stream)).toBe(false);
  stream.emit("error", Object.assign(new Error("closed"), { code }));
  expect(isClosed(stream)).toBe(true);
  writeTo(stream, "two");
  expect(stream.written).toEqual(["one"]);
});

test("after another error nothing more is written either, and the error is kept for the end", () => {
  const stream = pipe();
  writeTo(stream, "one");
  expect(outputFailure(stream)).toBeUndefined();
  const full = Object.assign(new Error("disk full"), { code: "ENOSPC" });
  stream.emit("error", full);
  writeTo(stream, "two");
  expect(stream.written).toEqual(["one"]);
  expect(outputFailure(stream)).toBe(full);
});

test("a stream is watched once, however often it is written to", () => {
  const stream = pipe();
  for (let line = 0; line < 20; line += 1) writeTo(stream, "line");
  expect(stream.listenerCount("error")).toBe(1);
});
