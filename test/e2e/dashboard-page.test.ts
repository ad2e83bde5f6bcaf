import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CostDocument } from "../../src/views/cost.ts";
import { findBarriers, openBrowser, serveStranger } from "../_helpers/browser.ts";
import { repository } from "../_helpers/cli.ts";
import type { Load } from "../_helpers/load.ts";
import { recordedCalls } from "../_helpers/recorded-calls.ts";
import { reportCosts } from "../_helpers/region-mail.ts";
import { measure, takeFrom, type PageSizes } from "../_helpers/page-scripts.ts";
import { createReleaseProject, type ReleaseProject } from "../_helpers/release-project.ts";
import type { RunningCli } from "../_helpers/running-cli.ts";
import { eventually } from "../_helpers/sandbox-home.ts";

/** What people see in a browser, while releases run, and what others see: nothing. */
let app: ReleaseProject;
let load: Load;
let dashboard: RunningCli;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let url = "";
const requested: string[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  app = await createReleaseProject("dashboard-page", {
    // Whose prices the local region has.
    region: "eu-central-1",
    alarms: { p99: "20s" },
    budget: { usd: 200, email: ["owner@example.com"] },
  });
  await app.up("v1");
  const budget = "dashboard-page-production";
  await reportCosts(app.project, { budget, actual: 41.87, forecast: 109.4 });
  load = app.load(10);
  dashboard = app.start("dashboard");
  const printed = await eventually(
    async () => dashboard.output(),
    (output) => output.includes("\n"),
  );
  [url = ""] = printed.split("\n");
  browser = await openBrowser([stranger]);
  context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    colorScheme: "light",
  });
  page = await context.newPage();
  page.setDefaultTimeout(240_000);
  page.on("request", (request) => requested.push(request.url()));
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(error.message));
});

afterAll(async () => {
  await browser?.close();
  dashboard?.kill("SIGINT");
  await load?.stop();
  await app.project.remove();
});

test("the printed address opens the page once; without it, with a wrong token or by another name there is nothing", async () => {
  expect(new URL(url).hostname).toBe("127.0.0.1");
  const wrong = await fetch(`${url}x`, { redirect: "manual" });
  expect([wrong.status, await wrong.text()]).toEqual([403, ""]);
  await page.goto(url);
  await page.getByText("✔ healthy").first().waitFor();
  expect(page.url()).toBe(new URL("/", url).href);
  const other = await browser.newContext();
  const second = await other.newPage();
  const spent = await second.goto(url);
  expect(spent?.status()).toBe(403);
  expect(await second.content()).not.toContain("v1");
  const rebound = new URL(url);
  rebound.hostname = stranger;
  const answered = second.waitForResponse(rebound.href);
  // An empty answer with such a status is an error for the browser.
  await expect(second.goto(rebound.href)).rejects.toThrow();
  const answer = await answered;
  expect([answer.status(), answer.headers()["content-length"]]).toEqual([421, "0"]);
  await other.close();
});

test("it shows the estimate of `cost` part by part, and the budget, without asking what AWS charges for", async () => {
  const cost = page.locator("#cost");
  await cost.getByText("41.87 of 200 USD spent this month (21 %), AWS expects 109.40").waitFor();
  await cost
    .getByText(/^What was spent: infer-deploy cost --sandbox dashboard-page shows it/)
    .waitFor();
  const actions = (await recordedCalls(app.project)).map(({ action }) => action);
  expect(actions).toContain("pricing:GetProducts");
  expect(actions.filter((action) => action.startsWith("ce:"))).toEqual([]);

  const { estimate } = JSON.parse((await app.run("cost", "--json")).stdout) as CostDocument;
  expect(estimate).toMatchObject({ missing: [], prices: { source: "list" } });
  const sum = `About ${estimate.usd_per_month.toFixed(2)} USD a month`;
  expect(await cost.locator("p").first().textContent()).toContain(sum);
  expect(await cost.locator("tbody tr").allInnerTexts()).toEqual(
    estimate.parts.map(({ part, what, usd_per_month: usd }) =>
      [part.replaceAll("_", " "), what, usd?.toFixed(2)].join("\t"),
    ),
  );
});

test("a page of another program on this machine gets nothing, although the browser has the cookie", async () => {
  const site = await serveStranger("<title>stranger</title>");
  const tab = await context.newPage();
  await tab.goto(site.url);
  expect(await tab.evaluate(takeFrom(new URL("/", url).href))).toEqual({
    ...{ read: "nothing", blind: "nothing", script: "nothing", events: "nothing" },
  });
  await tab.close();
  site.close();
});

test("a canary is followed live: its share, its instances and its end", async () => {
  await page.evaluate("document.body.dataset.kept = 'yes'");
  const release = app.startRelease("v2", {
    args: ["--strategy", "canary", "--canary-weight", "25", "--bake", "12s"],
  });
  await page.getByText(/Release 2, v2, by .+: at “/).waitFor();
  await page.locator("#instances").getByText("green").first().waitFor();
  await page
    .locator("#traffic li")
    .filter({ hasText: /green ?v2.*25 %/ })
    .waitFor();
  await page
    .locator("#shares-chart ~ .legend li")
    .filter({ hasText: /green 25 %/ })
    .waitFor();
  expect((await release.ended).exitCode).toBe(0);
  await page
    .locator("#traffic li")
    .filter({ hasText: /green ?v2.*100 %/ })
    .waitFor();
  await page
    .locator("#history li")
    .filter({ hasText: /#2 ?v2 ?✔ succeeded/ })
    .waitFor();
  await page.locator("#release").waitFor({ state: "hidden" });
  // The same page, which was never loaded again.
  expect(await page.evaluate("document.body.dataset.kept")).toBe("yes");
});

test("a version with errors: its rollback, the reason, and what the metrics have of it", async () => {
  const release = app.startRelease("worse", {
    // Only the alarm sees it, which takes longer than a look of the page.
    breakage: "users",
    args: ["--strategy", "canary", "--canary-weight", "25", "--bake", "10m"],
  });
  await page
    .locator("#traffic li")
    .filter({ hasText: /blue ?worse.*25 %/ })
    .waitFor();
  await page
    .locator("#alarms li")
    .filter({ hasText: /✖ on ?blue-errors/ })
    .waitFor();
  expect((await release.ended).exitCode).toBe(3);
  const row = page.locator("#history li").filter({ hasText: /#3 ?worse ?↩ rolled back/ });
  await row.waitFor();
  expect(await row.textContent()).toContain((await app.status()).release?.reason);
  await page
    .locator("#traffic li")
    .filter({ hasText: /green ?v2.*100 %/ })
    .waitFor();

  for (const chart of await page.locator("details summary").all()) await chart.click();
  const table = (title: string) => page.getByRole("region", { name: `${title}: values` });
  await table("Traffic shares")
    .getByRole("row", { name: /25 % 75 %/ })
    .first()
    .waitFor();
  await table("Errors")
    .getByRole("row", { name: /\d\d:\d\d [1-9]/ })
    .first()
    .waitFor();
  await table("Latency")
    .getByRole("row", { name: /ms .*ms .*ms/ })
    .first()
    .waitFor();
  const picture = page.getByRole("img", { name: /^The last \d+ min\. 5xx of blue: / });
  expect(await picture.count()).toBe(1);
  for (const chart of await page.locator("details summary").all()) await chart.click();
  if (process.env["DASHBOARD_SCREENSHOT"] !== undefined) {
    // The box is counted from the window's top, and the picture from the page's.
    await page.evaluate("scrollTo(0, 0)");
    const box = await page.locator(".columns").boundingBox();
    const height = Math.ceil((box?.y ?? 0) + (box?.height ?? 0)) + 16;
    await page.screenshot({
      path: join(repository, "docs/images/dashboard.png"),
      clip: { x: 0, y: 0, width: 1280, height },
      fullPage: true,
    });
  }
});

test("it has no barriers for axe, in light and in dark, and is readable on a phone", async () => {
  const look = async (): Promise<readonly string[]> => {
    await page.waitForTimeout(500);
    return findBarriers(page);
  };
  expect(await look()).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await look()).toEqual([]);
  await page.setViewportSize({ width: 360, height: 740 });
  for (const chart of await page.locator("details summary").all()) await chart.click();
  expect(await look()).toEqual([]);
  const sizes = await page.evaluate<PageSizes>(measure);
  expect(sizes).toMatchObject({ wide: 360, outside: [] });
  expect(sizes.charts).toHaveLength(4);
  expect(Math.min(...sizes.charts)).toBeGreaterThan(250);
  expect(sizes.smallest).toBeGreaterThanOrEqual(12);
});

test("it loads nothing from elsewhere, and Ctrl-C ends it with 0", async () => {
  const { origin } = new URL(url);
  expect(requested.filter((one) => new URL(one).origin !== origin)).toEqual([]);
  expect(complaints).toEqual([]);
  dashboard.kill("SIGINT");
  expect((await dashboard.ended).exitCode).toBe(0);
  await page.getByText(/infer-deploy dashboard has ended/).waitFor();
  await expect(fetch(origin)).rejects.toThrow();
});

const stranger = "stranger.example";
