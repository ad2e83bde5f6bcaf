import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AwsClients } from "../../src/aws/clients.ts";
import { render } from "../../src/commands/render.ts";
import type { Deps } from "../../src/deps.ts";
import { startOf } from "../_helpers/start.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "render-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** An account in which nothing has been made yet, and the buckets that it then has. */
function emptyAccount(buckets: Set<string>): AwsClients {
  const clients = {
    sts: { GetCallerIdentityCommand: () => ({ Account: "123456789012", Arn: "arn" }) },
    ssm: { GetParameterCommand: () => ({ Parameter: { Value: "ami-0123456789abcdef0" } }) },
    s3: {
      GetObjectCommand: () => {
        throw Object.assign(new Error("none"), { name: "NoSuchBucket" });
      },
      CreateBucketCommand: ({ Bucket }: Record<string, unknown>) => buckets.add(String(Bucket)),
    },
  } satisfies Record<string, Record<string, (input: Record<string, unknown>) => unknown>>;
  return Object.fromEntries(
    Object.entries(clients).map(([name, answers]) => [
      name,
      async () => ({
        send: async (command: { readonly input: Record<string, unknown> }) =>
          (answers as Record<string, (input: Record<string, unknown>) => unknown>)[
            command.constructor.name
          ]?.(command.input) ?? {},
      }),
    ]),
  ) as unknown as AwsClients;
}

test("the state bucket exists when render says that bare terraform works", async () => {
  await writeFile(join(folder, "infer-deploy.yml"), "name: api\nregion: eu-west-1\n");
  const buckets = new Set<string>();
  const notes: string[] = [];
  const deps = {
    env: {},
    cwd: folder,
    out: () => undefined,
    connect: () => emptyAccount(buckets),
    reporter: {
      notify: (event: { readonly text?: string }) => {
        expect([...buckets]).toEqual(["infer-deploy-123456789012-eu-west-1"]);
        notes.push(event.text ?? "");
      },
    },
  } as unknown as Deps;
  const start = startOf(deps, { cwd: folder, env: { INFER_DEPLOY_OUT: "rendered" } });
  expect(await render.run(start)).toBe(0);
  expect(notes).toEqual(["terraform init && terraform plan works there"]);
  expect(await readdir(join(folder, "rendered"))).toContain("terraform.tfvars.json");
});
