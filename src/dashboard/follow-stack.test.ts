import { expect, test } from "vitest";
import { followStack, type FollowParts } from "./follow-stack.ts";
import type { PageDocument } from "./page-document.ts";

function world(looks: readonly (PageDocument | Error)[]) {
  const sent: (readonly [string, object])[] = [];
  const controller = new AbortController();
  let looked = 0;
  let open = Promise.withResolvers<void>();
  let isOpen = true;
  const parts: FollowParts = {
    aborted: controller.signal,
    clock: { sleep: async () => undefined },
    server: {
      isOpen: () => isOpen,
      opened: async () => open.promise,
      send: (event, data) => sent.push([event, data]),
    },
    look: async () => {
      const found = looks[looked];
      looked += 1;
      if (looked === looks.length) controller.abort();
      if (found === undefined || found instanceof Error) throw found ?? new Error("too often");
      return found;
    },
  };
  return {
    parts,
    sent,
    controller,
    looked: () => looked,
    close: () => {
      isOpen = false;
      open = Promise.withResolvers<void>();
    },
    openPage: () => {
      isOpen = true;
      open.resolve();
    },
  };
}

const page = { at: 1 } as PageDocument;

test("each look is sent; one that fails is shown, and the next one clears it", async () => {
  const { parts, sent } = world([page, new Error("ExpiredToken"), page, page]);
  await followStack(parts);
  expect(sent.map(([event]) => event)).toEqual([
    ...["page", "trouble"],
    "trouble",
    ...["page", "trouble"],
    ...["page", "trouble"],
  ]);
  expect(sent[2]).toEqual(["trouble", { text: "Error: ExpiredToken" }]);
  expect(sent[4]).toEqual(["trouble", {}]);
});

test("a look that Ctrl-C ends is no trouble", async () => {
  const { parts, sent } = world([new Error("aborted")]);
  await followStack(parts);
  expect(sent).toEqual([]);
});

test("AWS is asked nothing while no page is open", async () => {
  const { parts, looked, close, openPage } = world([page]);
  close();
  const following = followStack(parts);
  await new Promise(setImmediate);
  expect(looked()).toBe(0);
  openPage();
  await following;
  expect(looked()).toBe(1);
});

test("Ctrl-C ends it also while no page is open", async () => {
  const { parts, controller, close, looked } = world([page]);
  close();
  const following = followStack(parts);
  controller.abort();
  await following;
  expect(looked()).toBe(0);
});
