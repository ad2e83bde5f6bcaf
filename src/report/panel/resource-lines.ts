import type { ResourcesSight } from "../sights.ts";
import { durationText } from "../text.ts";
import { bar } from "./bars.ts";
import { piece, shortenMiddle, widthOf, type Line, type Screen } from "./pieces.ts";

/** Terraform's progress: how many are done, what failed, and what is pending since when, the oldest first. `most`: lines. */
export function resourceLines(
  sight: ResourcesSight,
  screen: Screen,
  now: number,
  most: number,
): readonly Line[] {
  const longest = Math.max(0, ...sight.pending.map(({ address }) => address.length));
  const failed = sight.failed.map((address) => addressLine("failed", address, "", screen));
  const pending = sight.pending.map(({ address, action, since }) =>
    addressLine(
      action,
      address.padEnd(longest),
      durationText(Math.max(0, now - since) / 1000),
      screen,
    ),
  );
  const room = Math.max(1, most - 1);
  const all = [...failed, ...pending];
  const shown = all.length > room ? all.slice(0, room - 1) : all;
  const more = all.length - shown.length;
  return [
    progressLine(sight, screen),
    ...shown,
    ...(more === 0 ? [] : [[piece(`  and ${more} more`, "dim")]]),
  ];
}

function progressLine(
  { total, completed, failed, silentSeconds }: ResourcesSight,
  screen: Screen,
): Line {
  const count = piece(`  ${completed} of ${total}`);
  const facts = [
    ...(failed.length === 0 ? [] : [piece(`  ${failed.length} failed`, "red")]),
    ...(silentSeconds === 0 ? [] : [piece(`  no news for ${silentSeconds} s`, "yellow")]),
  ];
  const room = screen.columns - widthOf([count, ...facts]) - 2;
  const cells = Math.min(widestBar, room);
  const drawn =
    cells < leastBar ? [] : bar(total === 0 ? 0 : completed / total, cells, "green", screen);
  return [{ text: drawn.length === 0 ? "" : "  " }, ...drawn, count, ...facts];
}

/** The action and the time stay; the address is shortened in its middle. */
function addressLine(action: string, address: string, time: string, screen: Screen): Line {
  const isFailed = action === "failed";
  const head = `  ${action.padEnd(actionWidth)} `;
  const tail = time === "" ? "" : `  ${time}`;
  const room = Math.max(8, screen.columns - head.length - tail.length);
  return [
    piece(head, isFailed ? "red" : "dim"),
    piece(
      address.trimEnd().length > room
        ? shortenMiddle(address.trimEnd(), room, screen)
        : address.slice(0, room),
      isFailed ? "red" : undefined,
    ),
    piece(tail, "dim"),
  ];
}

const widestBar = 40;
const leastBar = 8;
const actionWidth = 7;
