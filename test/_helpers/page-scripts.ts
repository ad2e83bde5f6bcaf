export interface PageSizes {
  readonly wide: number;
  readonly outside: readonly string[];
  readonly charts: readonly number[];
  /** Of texts, in pixels. */
  readonly smallest: number;
}

/** In the browser, on the page. */
export const measure = `({
  wide: document.documentElement.scrollWidth,
  outside: [...document.querySelectorAll("main *:not(.scroll *)")]
    .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 80)),
  charts: [...document.querySelectorAll("canvas")].map((one) => one.clientWidth),
  smallest: Math.min(
    ...[...document.querySelectorAll("main :is(p, li, dd, td, th, code)")]
      .map((one) => parseFloat(getComputedStyle(one).fontSize)),
  ),
})`;

/** In the browser, on the stranger's page: every way in which a page reads from another address. */
export function takeFrom(target: string): string {
  return `(async (target) => {
    const ends = (events, good) => new Promise((resolve) => {
      events.addEventListener(good, () => resolve("got"));
      events.addEventListener("error", () => resolve("nothing"));
    });
    const fetched = (mode) => fetch(target, { mode, credentials: "include" }).then(
      (answer) => answer.text(),
      () => "nothing",
    );
    const script = document.createElement("script");
    script.src = target + "page.js";
    document.head.append(script);
    const [read, blind, loaded, events] = await Promise.all([
      fetched("cors"),
      fetched("no-cors"),
      ends(script, "load"),
      ends(new EventSource(target + "events", { withCredentials: true }), "open"),
    ]);
    return { read, blind, script: loaded, events };
  })(${JSON.stringify(target)})`;
}
