import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { awsProfiles } from "../../test/_helpers/aws-home.ts";
import { fullDisk } from "../../test/_helpers/full-disk.ts";
import { refuse, type FakeSts } from "../../test/_helpers/fake-sts.ts";

/** A machine or a project on which a verb cannot work, and what the verb must say before it touches anything. */
export interface InputFault {
  readonly fault: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** What AWS answers instead of the caller's identity. */
  readonly sts?: FakeSts["handle"];
  /** Changes the home, which is the project's folder as well. */
  readonly prepare?: (home: string) => Promise<void>;
  /** What the only way out of the network answers to a connection: a status of a proxy. */
  readonly proxy?: number;
  /** The text of programs that take the place of the machine's own; an empty one is not there. */
  readonly programs?: Readonly<Record<string, string>>;
  /** All of them when nothing is said. */
  readonly verbs?: readonly string[];
  readonly cause: RegExp;
  readonly next: RegExp;
}

const keys = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: "s" };
const refuseKeys = (answer: Parameters<typeof refuse>[0]) =>
  refuse(answer, 403, "InvalidClientTokenId", "The security token in the request is invalid");
const session = { ...keys, AWS_SESSION_TOKEN: "t" };

export const inputFaults: readonly InputFault[] = [
  {
    fault: "no credentials",
    cause: /There are no AWS credentials here/,
    next: /aws (configure|sso login)/,
  },
  {
    fault: "keys of the environment that have expired",
    env: session,
    sts: (_, answer) =>
      refuse(answer, 403, "ExpiredToken", "The security token included in the request is expired"),
    cause: /credentials have expired/,
    next: /AWS_ACCESS_KEY_ID/,
  },
  {
    fault: "an expired session of Identity Center",
    args: ["--profile", "dev"],
    cause: /credentials have expired/,
    next: /aws sso login --profile dev/,
  },
  {
    fault: "an expired session of Identity Center, old form",
    args: ["--profile", "legacy"],
    cause: /credentials have expired/,
    next: /aws sso login --profile legacy/,
  },
  {
    fault: "a role whose source is an expired session",
    args: ["--profile", "chain"],
    cause: /credentials have expired/,
    next: /aws sso login --profile dev/,
  },
  {
    fault: "a profile with an MFA device, without a terminal",
    args: ["--profile", "mfa"],
    cause: /need a code of arn:aws:iam::123456789012:mfa\/ada/,
    next: /aws configure export-credentials --profile mfa/,
  },
  {
    fault: "a profile that does not exist",
    args: ["--profile", "nope"],
    cause: /profile nope does not exist/,
    next: /aws configure/,
  },
  ...["no permissions boundary allows", "an explicit deny in a service control policy"].map(
    (layer): InputFault => ({
      fault: `a role that may not be taken: ${layer}`,
      args: ["--profile", "role"],
      sts: ({ action }, answer) =>
        action === "AssumeRole" &&
        refuse(
          answer,
          403,
          "AccessDenied",
          `User: arn:aws:iam::123456789012:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::123456789012:role/ops ${layer.startsWith("no") ? "because" : "with"} ${layer}${layer.startsWith("no") ? " the sts:AssumeRole action" : ""}`,
        ),
      cause: /does not let the AWS profile role take the role/,
      next: layer.startsWith("no") ? /boundary/ : /organisation/,
    }),
  ),
  {
    fault: "keys that AWS does not know",
    env: keys,
    sts: (_, answer) => refuseKeys(answer),
    cause: /does not (know|accept)|not valid|no valid/,
    next: /aws sts get-caller-identity|AWS_ACCESS_KEY_ID/,
  },
  {
    fault: "a region that is off in this account",
    env: keys,
    args: ["--region", "ap-east-1"],
    sts: ({ region }, answer) => region === "ap-east-1" && refuseKeys(answer),
    cause: /ap-east-1/,
    next: /enable-region/,
  },
  {
    fault: "a region that does not exist",
    env: keys,
    args: ["--region", "eu-wst-1"],
    cause: /eu-wst-1.*did you mean eu-west-1/,
    next: /correct it/,
  },
  {
    fault: "a proxy that is not there",
    env: {
      ...keys,
      AWS_ENDPOINT_URL: "https://aws.example.com",
      HTTPS_PROXY: "http://127.0.0.1:9",
    },
    cause: /the proxy 127\.0\.0\.1:9 \(HTTPS_PROXY\) cannot be reached/,
    next: /HTTPS_PROXY/,
  },
  {
    fault: "a proxy that wants a password",
    env: { ...keys, AWS_ENDPOINT_URL: "https://aws.example.com" },
    proxy: 407,
    cause: /wants a name and a password \(407\)/,
    next: /HTTPS_PROXY/,
  },
  {
    fault: "a clock that is half an hour ahead",
    env: keys,
    sts: (_, answer) => {
      answer.setHeader("date", new Date(Date.now() - 30 * 60_000).toUTCString());
      return refuse(
        answer,
        403,
        "SignatureDoesNotMatch",
        "Signature not yet current: 20260101T003000Z is still later than 20260101T000500Z",
      );
    },
    cause: /clock is 30 min ahead/,
    next: /set-ntp|clock/,
  },
  {
    fault: "an AWS that says nothing",
    env: keys,
    sts: () => true,
    cause: /AWS does not answer in eu-west-1/,
    next: /network|proxy/,
  },
  {
    fault: "the log-in page of a network in AWS's place",
    env: keys,
    sts: (_, answer) => {
      answer.setHeader("content-type", "text/html");
      answer.end("<!DOCTYPE html><html><body>Please log in</body></html>");
      return true;
    },
    cause: /Something other than AWS answers/,
    next: /./,
  },
  {
    fault: "a Docker engine that is off",
    env: { ...keys, DOCKER_HOST: "tcp://127.0.0.1:9" },
    verbs: ["up", "release"],
    cause: /No Docker engine answers/,
    next: /docker/i,
  },
  {
    fault: "Docker is not installed",
    env: keys,
    programs: { docker: "" },
    verbs: ["up", "release"],
    cause: /docker is not installed/,
    next: /./,
  },
  {
    fault: "a Terraform that is too old",
    env: keys,
    programs: { terraform: "printf 'Terraform v1.5.7\\non linux_amd64\\n'" },
    verbs: ["up", "plan", "destroy"],
    cause: /terraform is version 1\.5\.7/,
    next: /terraform/i,
  },
  {
    fault: "a home that cannot be written",
    env: { ...keys, HOME: "/proc/nobody", XDG_STATE_HOME: "" },
    verbs: ["up"],
    cause: /\/proc\/nobody/,
    next: /XDG_STATE_HOME/,
  },
  {
    fault: "a home that is the build context",
    env: { ...keys, XDG_STATE_HOME: "" },
    verbs: ["release"],
    cause: /state would be built into the image/,
    next: /XDG_STATE_HOME/,
  },
  {
    fault: "a disk that is almost full",
    env: { ...keys, NODE_OPTIONS: fullDisk },
    verbs: ["up", "plan", "destroy"],
    cause: /has 15 MiB free/,
    next: /df -h .*XDG_STATE_HOME/,
  },
  {
    fault: "no config file",
    env: keys,
    args: ["--config", "nowhere.yml"],
    cause: /nowhere\.yml/,
    next: /./,
  },
  {
    fault: "a config with an unknown key and a wrong value",
    env: keys,
    prepare: async (home) =>
      writeFile(
        join(home, "infer-deploy.yml"),
        "name: app\nregion: eu-west-1\nregoin: x\ninstances: {min: many}\n",
      ),
    cause: /2 (mistakes|problems|things)|infer-deploy\.yml/,
    next: /./,
  },
  {
    fault: "a config that is not YAML",
    env: keys,
    prepare: async (home) => writeFile(join(home, "infer-deploy.yml"), "name: [app\n"),
    cause: /infer-deploy\.yml/,
    next: /./,
  },
  {
    fault: "a profile whose program fails",
    args: ["--profile", "program"],
    prepare: async (home) =>
      writeFile(
        join(home, ".aws/config"),
        `${awsProfiles}\n[profile program]\ncredential_process = /bin/false\n`,
      ),
    cause: /credential_process of the AWS profile program gave no keys/,
    next: /./,
  },
];
