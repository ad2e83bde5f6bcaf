import { expect, test } from "vitest";
import { parseDescription, parseServersState, parseStat } from "./haproxy-stat.ts";

// HAProxy 2.6's output, without the columns that are not read.
const stat = `# pxname,svname,qcur,scur,status,check_status,check_code,lastchg,type
listener:app:web:1:2,FRONTEND,,0,OPEN,,,,0
tg,i-1.80,0,2,UP,L7OK,200,12,2
tg,i-2.80,0,0,DOWN 1/2,* L7STS,503,7,2
tg,i-3.80,0,1,DRAIN,L7OK,200,1,2
tg,i-4.80,0,0,MAINT,,,1,2
tg,i-2.80.last-resort,0,0,no check,,,3,2
tg,BACKEND,0,2,UP,,,12,1
`;

test("show stat: the servers and nothing else", () => {
  expect(parseStat(stat)).toEqual([
    {
      backend: "tg",
      name: "i-1.80",
      status: "up",
      check: "L7OK",
      checkCode: "200",
      sinceChange: 12,
      sessions: 2,
    },
    {
      backend: "tg",
      name: "i-2.80",
      status: "down",
      check: "L7STS",
      checkCode: "503",
      sinceChange: 7,
      sessions: 0,
    },
    {
      backend: "tg",
      name: "i-3.80",
      status: "drain",
      check: "L7OK",
      checkCode: "200",
      sinceChange: 1,
      sessions: 1,
    },
    {
      backend: "tg",
      name: "i-4.80",
      status: "maintenance",
      check: "",
      checkCode: "",
      sinceChange: 1,
      sessions: 0,
    },
    {
      backend: "tg",
      name: "i-2.80.last-resort",
      status: "up",
      check: "",
      checkCode: "",
      sinceChange: 3,
      sessions: 0,
    },
  ]);
});

test("show servers state: names and addresses", () => {
  const text = `1
# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port
3 tg 2 i-1.80 10.213.0.10 2 0 1 1 17 15 3 3 6 0 0 0 - 80 - 0 0 - - 0

`;
  expect(parseServersState(text)).toEqual([
    { backend: "tg", name: "i-1.80", address: "10.213.0.10", port: 80 },
  ]);
});

test("show info: the description", () => {
  expect(parseDescription("Name: HAProxy\ndescription: 12ab\nPid: 9\n")).toBe("12ab");
  expect(parseDescription("Name: HAProxy\n")).toBeUndefined();
});
