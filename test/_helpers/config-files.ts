import fc from "fast-check";
import { regions } from "../../src/config/fields/regions.ts";
import type { ConfigFile, Settings } from "../../src/config/schema/config.ts";
import { networkArbitrary } from "./network-arbitrary.ts";

const whole = (min: number, max: number) => fc.integer({ min, max });
const some = <T extends object>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(shape, { requiredKeys: [] });
const line = fc
  .string({ unit: "grapheme", maxLength: 40 })
  .filter((text) => !/[\n\r\0]/.test(text));
const variable = fc
  .stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,12}$/)
  .filter((name) => name !== "__proto__");
// YAML writes the negative zero as -0, JavaScript as 0.
const number = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => !Object.is(value, -0));
const scalar = fc.oneof(line, fc.integer(), number, fc.boolean());
const words = fc.array(line, { minLength: 1, maxLength: 3 });
const label = fc.stringMatching(/^[a-z][a-z0-9]{0,9}$/);
const domain = label.map((name) => `${name}.example.com`);
const urlPath = fc.stringMatching(/^\/(?:[a-z0-9_.?=&%-][a-z0-9/_.?=&%-]{0,20})?$/);
const filePath = fc.stringMatching(/^[A-Za-z0-9_./ ][A-Za-z0-9_./ -]{0,20}$/);
const seconds = (min: number, max: number) => whole(min, max).map((count) => `${count}s`);
const requestBody = fc.oneof(
  line,
  fc.array(fc.oneof(line, fc.integer()), { maxLength: 3 }),
  fc.dictionary(variable, fc.oneof(line, fc.boolean(), fc.constant(null), fc.array(line)), {
    maxKeys: 3,
  }),
);

// Values that never contradict each other: those are check.test.ts's. Nothing of CloudFront goes with a domain, and routing needs one.
/** The keys of the file, whose variables are never null. */
type FileSettings = Omit<Settings, "env"> & Pick<ConfigFile, "env">;

const settings: fc.Arbitrary<FileSettings> = some<
  Required<Omit<FileSettings, "cache" | "https" | "routing">>
>({
  region: fc.constantFrom(...regions),
  topology: fc.constant("fleet" as const),
  image: some({
    context: filePath,
    dockerfile: filePath,
    build_args: fc.dictionary(variable, scalar, { maxKeys: 4 }),
    port: whole(1, 65_535),
  }),
  workload: fc.constantFrom("latency" as const, "memory" as const),
  scaling: fc.oneof(
    fc.record({ target: whole(1, 100) }),
    fc.record({
      metric: fc.constantFrom("requests" as const, "cpu" as const),
      target: whole(1, 100),
    }),
  ),
  container: some({
    entrypoint: words,
    command: words,
    user: fc.constantFrom("app", "1000:1000"),
    stop_timeout: seconds(1, 4000),
    ulimits: some({
      nofile: whole(1, 65_536),
      memlock: fc.record({ soft: fc.constant(-1), hard: fc.constant(-1) }),
    }),
    read_only: fc.boolean(),
    writable: fc.uniqueArray(label, { maxLength: 3 }).map((names) => names.map((n) => `/w/${n}`)),
    tmp: some({ size: whole(1, 64), exec: fc.boolean() }),
    capabilities: fc.array(fc.constantFrom("CHOWN" as const, "SETUID" as const), { maxLength: 3 }),
    shm: fc.oneof(whole(1, 64), fc.constant("64mb")),
    gpus: fc.constant("none" as const),
    cache: some({ path: label.map((name) => `/c/${name}`), size: fc.constantFrom(100, "2gb") }),
  }),
  model: fc.record({
    source: fc.constantFrom(
      "s3://models/minilm/v1",
      "hf://a/b@main",
      "https://a.example.com/m.gguf",
    ),
    path: fc.constant("/model"),
  }),
  health: some({
    path: urlPath,
    codes: fc.array(whole(200, 499), { minLength: 1, maxLength: 3 }),
    interval: seconds(5, 30),
    timeout: whole(1, 120).map((minutes) => `${minutes}m`),
    unhealthy_threshold: whole(2, 10),
    drain: seconds(0, 3600),
    fail_fast: fc.boolean(),
  }),
  // At least the longest timeout of the probe below.
  requests: some({ timeout: seconds(60, 4000) }),
  github: fc.record({ repository: fc.constant("o/.github"), branches: fc.tuple(label) }),
  auth: fc.constantFrom("none", "keys"),
  oidc: some({
    issuer: domain.map((host) => `https://${host}`),
    client_id: label,
    scope: label.map((name) => `openid ${name}`),
    session: seconds(1, 604_800),
  }),
  state: fc.record({ backend: fc.constant("local" as const) }),
  waf: some({ mode: fc.constantFrom("none", "count", "block"), rate: whole(1000, 2_000_000_000) }),
  secrets: fc.dictionary(variable, fc.constant("file" as const), { maxKeys: 4 }),
  version: some({ path: urlPath, field: variable }),
  instances: some({
    type: fc.constantFrom("t3.small", "c7g.xlarge", "r7a.12xlarge", "m7i.metal-24xl"),
    cpu_credits: fc.constantFrom("standard" as const, "unlimited" as const),
    min: whole(1, 9),
    max: whole(9, 500),
    disk: whole(8, 16_384),
    boot_timeout: seconds(60, 7200),
    memory: whole(64, 100_000),
    machine_image: fc.constant("ami-0123456789abcdef0"),
  }),
  network: networkArbitrary,
  identity: some({ permissions_boundary: fc.constant("arn:aws:iam::aws:policy/boundary") }),
  response_headers: some({
    strict_transport_security: fc.constant("max-age=60"),
    content_type_options: fc.constant("off" as const),
    frame_options: fc.constant("SAMEORIGIN" as const),
    content_security_policy: fc.constant("default-src 'none'"),
  }),
  domain: fc.oneof(domain, fc.uniqueArray(domain, { minLength: 1, maxLength: 10 })),
  zone: fc.constant("example.com"),
  env: fc.dictionary(variable, scalar, { maxKeys: 6 }),
  tags: fc.dictionary(
    fc.stringMatching(/^[b-hj-z][a-z0-9 +=.:/@-]{0,20}$/),
    fc.stringMatching(/^[A-Za-z0-9 ]{0,20}$/),
    { maxKeys: 6 },
  ),
  logs: some({ retention: fc.constantFrom(1 as const, 30 as const, 3653 as const) }),
  protection: fc.boolean(),
  release: some({
    // Without rolling, which wants more of instances.min.
    strategy: fc.constantFrom("blue-green" as const, "canary" as const, "linear" as const),
    bake: seconds(0, 60),
    timeout: seconds(1500, 86_400),
    keep_previous: seconds(60, 86_400),
    alarms: fc.uniqueArray(fc.stringMatching(/^[b-z0-9/ _.-]{1,40}$/), { maxLength: 5 }),
    canary: some({ weight: whole(1, 99), bake: seconds(0, 60) }),
    linear: some({ step: whole(5, 50), interval: seconds(1, 30) }),
    rolling: some({ batch: whole(1, 20) }),
    probe: fc.record(
      {
        path: urlPath,
        method: fc.constantFrom("POST" as const, "PUT" as const, "PATCH" as const),
        headers: fc.dictionary(
          fc.stringMatching(/^x-[a-z0-9-]{1,9}$/),
          fc.oneof(fc.stringMatching(/^[ -~]{0,20}$/), fc.integer(), fc.boolean()),
          { maxKeys: 4 },
        ),
        body: requestBody,
        status: whole(200, 599),
        json_path: fc.stringMatching(/^[a-z0-9_-]{1,5}(\.[a-z0-9_-]{1,5}){0,3}$/),
        timeout: whole(100, 60_000).map((ms) => `${ms}ms`),
        failures: whole(1, 5),
        window: whole(5, 100),
      },
      { requiredKeys: ["method"] },
    ),
  }),
  alarms: some({
    server_errors: whole(1, 1000),
    unanswered: whole(1, 1000),
    notify: fc.constant(null).map(() => []),
    p99: whole(1, 5000).map((ms) => `${ms}ms`),
    unhealthy_hosts: whole(1, 500),
  }),
  dashboard: fc.boolean(),
  budget: fc.record({
    usd: whole(1, 1000),
    email: fc.constant(null).map(() => ["owner@example.com"]),
  }),
  expires: fc.constantFrom("2026-12-31", "2028-02-29"),
  metrics: some({
    instances: fc.boolean(),
    path: urlPath,
    series: fc.uniqueArray(variable, { maxLength: 5 }),
  }),
  // Alerts reach someone.
  alerts: fc.record(
    {
      // A new list each time: YAML would write the same one as an alias.
      email: fc.constant(null).map(() => ["on-call@example.com"]),
      topics: fc.constant(null).map(() => []),
      call: fc.constant(null).map(() => []),
      error_share: whole(1, 100),
      min_requests: whole(1, 1000),
      p99: whole(1, 5000).map((ms) => `${ms}ms`),
      connection_errors: whole(1, 1000),
      memory: whole(1, 100),
      disk: whole(1, 100),
    },
    { requiredKeys: ["email"] },
  ),
}).map((value) => (value.domain === undefined ? value : { zone: "example.com", ...value }));

/** Files without a problem, with every key that parse.property.test.ts can vary. */
export const configFiles: fc.Arbitrary<ConfigFile> = fc
  .record({
    name: label,
    settings,
    environments: fc.dictionary(label, fc.option(settings), { maxKeys: 3 }),
  })
  .map(({ name, settings: base, environments }) => ({
    name,
    ...base,
    region: base.region ?? "eu-central-1",
    environments: { production: null, ...environments },
  }));
