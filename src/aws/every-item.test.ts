import { expect, test } from "vitest";
import { everyItem, type Page } from "./every-item.ts";

/** Answers each token with its page. */
function list(pages: Readonly<Record<string, Page<number>>>) {
  return async (token: string | undefined): Promise<Page<number>> =>
    pages[token ?? "first"] ?? { items: undefined };
}

test("asks for a page after an empty one", async () => {
  const ask = list({
    first: { items: [1, 2], next: "a" },
    a: { items: undefined, next: "b" },
    b: { items: [3] },
  });
  expect(await everyItem(ask)).toEqual([1, 2, 3]);
});

test("an empty token ends the list", async () => {
  expect(await everyItem(list({ first: { items: [1], next: "" }, "": { items: [2] } }))).toEqual([
    1,
  ]);
});
