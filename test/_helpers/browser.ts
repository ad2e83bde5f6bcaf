import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import axe, { type AxeResults } from "axe-core";
import { chromium, type Browser, type Page } from "playwright-core";

/** Debian's chromium, which bin/setup installs. `hosts`: names that are this machine in it. Throws when there is none. */
export async function openBrowser(hosts: readonly string[]): Promise<Browser> {
  const { stdout } = await promisify(execFile)("sh", [
    "-c",
    "command -v chromium || command -v google-chrome",
  ]).catch(() => {
    throw new Error("There is no chromium or google-chrome on the PATH; bin/setup installs it.");
  });
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(",");
  return chromium.launch({
    executablePath: stdout.trim(),
    // As root, chromium cannot make its sandbox.
    args: ["--no-sandbox", `--host-resolver-rules=${rules}`, "--no-proxy-server"],
  });
}

/** What axe finds, as "rule: element". */
export async function findBarriers(page: Page): Promise<readonly string[]> {
  // By the debugger's own door, which no policy of the page closes.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** A page of another program on this machine. */
export async function serveStranger(
  html: string,
): Promise<{ readonly url: string; readonly close: () => void }> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html");
    response.end(html);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
