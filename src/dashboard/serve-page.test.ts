import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { servePage, type PageServer } from "./serve-page.ts";

const files = new Map([
  ["/", { type: "text/html", body: Buffer.from("<h1>page</h1>") }],
  ["/page.js", { type: "text/javascript", body: Buffer.from("1") }],
]);
let server: PageServer | undefined;

afterEach(() => {
  server?.close();
});

test("the address is exchanged for a cookie, which then gets the files", async () => {
  server = await servePage(files, 0);
  const entered = await ask(server.url);
  expect(entered).toMatchObject({ status: 303, body: "", location: "/" });
  const [cookie = ""] = entered.cookie.split(";");
  expect(entered.cookie).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
  expect(await ask(server.url)).toMatchObject({ status: 403, cookie: "" });
  const page = new URL("/", server.url).href;
  expect(await ask(page)).toMatchObject({ status: 403, body: "" });
  const opened = await ask(page, { cookie });
  expect(opened).toMatchObject({ status: 200, body: "<h1>page</h1>", type: "text/html" });
  expect(opened.policy).toContain("default-src 'none'");
  expect(await ask(`${page}page.js`, { cookie })).toMatchObject({ status: 200, body: "1" });
  expect(await ask(`${page}../package.json`, { cookie })).toMatchObject({ status: 404, body: "" });
});

test("a wrong token does not spend the right one, and a refusal has the same headers", async () => {
  server = await servePage(files, 0);
  const wrong = await ask(`${server.url}x`);
  expect(wrong).toMatchObject({ status: 403, body: "", cookie: "" });
  expect(wrong.policy).toContain("default-src 'none'");
  const port = new URL(server.url).port;
  const rebound = await ask(server.url, { host: `example.com:${port}` });
  expect(rebound).toMatchObject({ status: 421, body: "", cookie: "" });
  expect(await ask(server.url)).toMatchObject({ status: 303 });
});

test("an open page gets events, one that opens later gets the newest of each name", async () => {
  server = await servePage(files, 0);
  const { cookie } = await ask(server.url);
  expect(server.isOpen()).toBe(false);
  const opened = server.opened();
  server.send("page", { at: 1 });
  server.send("page", { at: 2 });
  server.send("trouble", {});
  const asked = request(new URL("/events", server.url), { headers: { cookie } });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  await opened;
  expect(server.isOpen()).toBe(true);
  response.setEncoding("utf8");
  const [first] = (await once(response, "data")) as [string];
  expect(first).toBe('retry: 2000\n\nevent: page\ndata: {"at":2}\n\nevent: trouble\ndata: {}\n\n');
  server.send("page", { at: 3 });
  const [next] = (await once(response, "data")) as [string];
  expect(next).toBe('event: page\ndata: {"at":3}\n\n');
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  response.on("error", () => undefined).on("close", resolve);
  server.close();
  await ended;
});

test("the wait for a page ends when the server closes", async () => {
  server = await servePage(files, 0);
  const opened = server.opened();
  server.close();
  await expect(opened).resolves.toBeUndefined();
});

test("a port that is taken is an error that names the flag", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as { readonly port: number };
  await expect(servePage(files, port)).rejects.toMatchObject({
    exitCode: 64,
    where: "--port",
    message: `Port ${port} of 127.0.0.1 cannot be used.`,
  });
  other.close();
});

/** Without the headers of a browser, and without following redirects. */
async function ask(url: string, headers: Readonly<Record<string, string>> = {}) {
  const asked = request(url, { headers: { ...headers }, agent: false });
  asked.end();
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  response.setEncoding("utf8");
  let body = "";
  for await (const part of response) body += part as string;
  return {
    status: response.statusCode,
    body: response.statusCode === 403 && body.includes("works once") ? "" : body,
    location: response.headers.location,
    type: response.headers["content-type"],
    cookie: response.headers["set-cookie"]?.[0] ?? "",
    policy: response.headers["content-security-policy"] ?? "",
  };
}
