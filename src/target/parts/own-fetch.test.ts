import { expect, test } from "vitest";
import { ownFetch, publicFetch } from "./own-fetch.ts";

const host = "app-1.eu-west-1.elb.amazonaws.com";
const named: typeof fetch = async () => new Response("by name");
const deps = {
  fetch: named,
  fetchHttp2: (to?: string) => async () => new Response(`in HTTP/2 ${to ?? "by name"}`),
  fetchThrough: (to: string) => async () => new Response(`via ${to}`),
};

test.each([
  ["a domain", { url: "https://api.example.com" }, `via ${host}`],
  ["the balancer's own name", { url: `http://${host}` }, "by name"],
  [
    "CloudFront",
    {
      url: "https://d1.cloudfront.net",
      cloudfront: { distribution_id: "E1", cached_paths: [] },
    },
    "by name",
  ],
])("with %s, %j is asked %s", async (_, outputs, answer) => {
  const own = ownFetch(deps, "http1", { ...outputs, load_balancer_dns_name: host });
  expect(await (await own(outputs.url)).text()).toBe(answer);
});

test("a stack that speaks HTTP/2 or gRPC is asked in HTTP/2", async () => {
  const url = "https://api.example.com";
  const own = ownFetch(deps, "grpc", { url, load_balancer_dns_name: host });
  expect(await (await own(url)).text()).toBe(`in HTTP/2 ${host}`);
  expect(await (await publicFetch(deps, "http2")(url)).text()).toBe("in HTTP/2 by name");
  expect(await (await publicFetch(deps, "http1")(url)).text()).toBe("by name");
});
