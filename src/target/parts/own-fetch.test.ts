import { expect, test } from "vitest";
import { ownFetch } from "./own-fetch.ts";

const host = "app-1.eu-west-1.elb.amazonaws.com";
const named: typeof fetch = async () => new Response("by name");
const deps = { fetch: named, fetchThrough: (to: string) => async () => new Response(`via ${to}`) };

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
  const own = ownFetch(deps, { ...outputs, load_balancer_dns_name: host });
  expect(await (await own(outputs.url)).text()).toBe(answer);
});
