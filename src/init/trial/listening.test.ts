import { expect, test } from "vitest";
import { listeningPorts } from "./listening.ts";

const row = (local: string, state: string) =>
  `   0: ${local} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1 0`;

test("sockets that listen, by who can reach them", () => {
  const tables = [
    "  sl  local_address rem_address   st tx_queue",
    row("00000000:1F90", "0A"),
    row("0100007F:1F91", "0A"),
    row("020011AC:C350", "01"),
    row("00000000000000000000000000000000:0050", "0A"),
    row("00000000000000000000000001000000:1F92", "0A"),
    row("0000000000000000FFFF00000100007F:1F93", "0A"),
    row("0100007F:1F90", "0A"),
  ].join("\n");
  expect(listeningPorts(tables)).toEqual({ open: [80, 8080], inside: [8081, 8082, 8083] });
});

test("no table, no ports", () => {
  expect(listeningPorts("")).toEqual({ open: [], inside: [] });
});
