import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** What an AWS on this machine was asked, and by which key. */
export interface Call {
  readonly action: string;
  readonly key: string;
  /** The region that the call was signed for. */
  readonly region: string;
  readonly body: string;
}

export interface FakeSts {
  readonly url: string;
  readonly calls: readonly Call[];
  /** Answers in place of the usual ones; false leaves the request to them. */
  handle: (call: Call, answer: ServerResponse) => boolean;
  readonly close: () => void;
}

/** Answers GetCallerIdentity and AssumeRole as STS does, and to everything else that it does not exist. */
export async function startFakeSts(): Promise<FakeSts> {
  const calls: Call[] = [];
  const server = createServer((request, answer) => {
    void respond(request, answer);
  });
  const fake: FakeSts = {
    get url() {
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    calls,
    handle: () => false,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  const respond = async (request: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const body = await text(request);
    const action = /(?:^|&)Action=(\w+)/.exec(body)?.[1] ?? "";
    const [, key = "", region = ""] =
      /Credential=(\w+)\/\d+\/([\w-]+)/.exec(request.headers.authorization ?? "") ?? [];
    const call = { action, key, region, body };
    calls.push(call);
    if (fake.handle(call, answer)) return;
    answer.setHeader("content-type", "text/xml");
    if (action === "") {
      answer.statusCode = 404;
      answer.end("<Error><Code>NoSuchKey</Code></Error>");
      return;
    }
    answer.end(
      `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>${results[action] ?? ""}</${action}Result></${action}Response>`,
    );
  };
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return fake;
}

/** An error as STS answers it. */
export function refuse(
  answer: ServerResponse,
  status: number,
  code: string,
  message: string,
): true {
  answer.statusCode = status;
  answer.setHeader("content-type", "text/xml");
  answer.end(
    `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error><RequestId>r-1</RequestId></ErrorResponse>`,
  );
  return true;
}

const results: Readonly<Record<string, string>> = {
  GetCallerIdentity:
    "<Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>A</UserId><Account>123456789012</Account>",
  AssumeRole:
    "<AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/ops/s</Arn><AssumedRoleId>R:s</AssumedRoleId></AssumedRoleUser>" +
    "<Credentials><AccessKeyId>AKIAROLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>",
};
