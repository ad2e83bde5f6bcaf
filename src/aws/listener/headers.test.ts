import {
  DescribeListenerAttributesCommand,
  ModifyListenerAttributesCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect, test } from "vitest";
import { removeHeaders } from "./headers.ts";

const prefix = "routing.http.response";
const wanted = {
  strictTransportSecurity: "max-age=60",
  contentTypeOptions: null,
  frameOptions: null,
  contentSecurityPolicy: null,
};

async function after(attributes: Readonly<Record<string, string>>) {
  const now = { ...attributes };
  let changes = 0;
  const send = async (command: unknown) => {
    if (command instanceof DescribeListenerAttributesCommand) {
      return { Attributes: Object.entries(now).map(([Key, Value]) => ({ Key, Value })) };
    }
    if (command instanceof ModifyListenerAttributesCommand) {
      changes += 1;
      for (const { Key = "", Value = "" } of command.input.Attributes ?? []) now[Key] = Value;
    }
    return {};
  };
  await removeHeaders({ send } as never, "arn:443", wanted);
  return { now, changes };
}

test("only what the configuration does not want is removed", async () => {
  const { now, changes } = await after({
    [`${prefix}.strict_transport_security.header_value`]: "max-age=60",
    [`${prefix}.x_content_type_options.header_value`]: "nosniff",
    [`${prefix}.x_frame_options.header_value`]: "",
    [`${prefix}.server.enabled`]: "false",
  });
  expect(changes).toBe(1);
  expect(now).toEqual({
    [`${prefix}.strict_transport_security.header_value`]: "max-age=60",
    [`${prefix}.x_content_type_options.header_value`]: "",
    [`${prefix}.x_frame_options.header_value`]: "",
    [`${prefix}.server.enabled`]: "false",
  });
});

test("a listener without headers, such as a new one, is not changed", async () => {
  expect((await after({ [`${prefix}.x_frame_options.header_value`]: "" })).changes).toBe(0);
});
