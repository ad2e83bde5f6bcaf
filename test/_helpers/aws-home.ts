import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface AwsHome {
  /** The project's folder as well. */
  readonly home: string;
  readonly env: Readonly<Record<string, string>>;
  readonly remove: () => Promise<void>;
}

/**
 * A home with AWS profiles of every kind, whose tokens of IAM Identity Center have expired, and a project in it. `endpoint`: of the AWS on
 * this machine that all calls go to.
 */
export async function createAwsHome(endpoint: string): Promise<AwsHome> {
  const folder = await mkdtemp(join(tmpdir(), "aws-home-"));
  const home = join(folder, "home");
  await mkdir(join(home, ".aws/sso/cache"), { recursive: true });
  await writeFile(join(home, ".aws/config"), awsProfiles);
  await writeFile(join(home, "infer-deploy.yml"), "name: app\nregion: eu-west-1\n");
  for (const session of ["corp", "https://corp.awsapps.com/start"]) {
    const file = createHash("sha1").update(session).digest("hex");
    const token = { accessToken: "x", expiresAt: "2020-01-01T00:00:00Z" };
    await writeFile(join(home, ".aws/sso/cache", `${file}.json`), JSON.stringify(token));
  }
  const env = {
    PATH: process.env["PATH"] ?? "",
    HOME: home,
    XDG_STATE_HOME: join(folder, "state"),
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_ENDPOINT_URL: endpoint,
  };
  return { home, env, remove: async () => rm(folder, { recursive: true }) };
}

export const awsProfiles = `
[default]
region = eu-west-1
[profile dev]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Admin
[sso-session corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
[profile legacy]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = Admin
[profile base]
aws_access_key_id = AKIABASE
aws_secret_access_key = s
[profile mfa]
role_arn = arn:aws:iam::123456789012:role/ops
source_profile = base
mfa_serial = arn:aws:iam::123456789012:mfa/ada
[profile chain]
role_arn = arn:aws:iam::123456789012:role/ops
source_profile = dev
[profile role]
role_arn = arn:aws:iam::123456789012:role/ops
source_profile = base
`;
