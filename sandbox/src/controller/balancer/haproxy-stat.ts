/** One server of the running load balancer, from `show stat`. */
export interface ServerRow {
  readonly backend: string;
  readonly name: string;
  readonly status: "up" | "down" | "drain" | "maintenance";
  /** HAProxy's code for the last check: INI, L7OK, L7STS, L4TOUT, ... */
  readonly check: string;
  /** The HTTP status of the last check; empty when there was none. */
  readonly checkCode: string;
  /** Seconds since it last went up or down. */
  readonly sinceChange: number;
  /** Requests in progress. */
  readonly sessions: number;
}

/** Reads `show stat`: CSV whose first line names the columns. */
export function parseStat(csv: string): ServerRow[] {
  const [head = "", ...lines] = csv.trim().split("\n");
  const columns = new Map(
    head
      .replace("# ", "")
      .split(",")
      .map((name, index) => [name, index]),
  );
  return lines.flatMap((line) => {
    const cells = line.split(",");
    const cell = (name: string) => cells[columns.get(name) ?? -1] ?? "";
    // type 2 is a server; 0 and 1 are the sums of frontends and backends.
    if (cell("type") !== "2") return [];
    return [
      {
        backend: cell("pxname"),
        name: cell("svname"),
        status: statusOf(cell("status")),
        // A star marks a check in progress.
        check: cell("check_status").replace("* ", ""),
        checkCode: cell("check_code"),
        sinceChange: Number(cell("lastchg")),
        sessions: Number(cell("scur")),
      },
    ];
  });
}

/** "UP 1/2" is going down, "DOWN 1/2" is coming up; a server without checks has "no check". */
function statusOf(text: string): ServerRow["status"] {
  if (text.startsWith("MAINT")) return "maintenance";
  if (text.startsWith("DRAIN")) return "drain";
  return text.startsWith("UP") || text === "no check" ? "up" : "down";
}

/** The servers' addresses, from `show servers state`: the only source for servers that drain and are no longer registered. */
export function parseServersState(text: string): {
  readonly backend: string;
  readonly name: string;
  readonly address: string;
  readonly port: number;
}[] {
  const lines = text.trim().split("\n");
  const head = lines.find((line) => line.startsWith("# "));
  const columns = new Map(
    (head ?? "# ")
      .slice(2)
      .split(" ")
      .map((name, index) => [name, index]),
  );
  return lines.flatMap((line) => {
    const cells = line.split(" ");
    if (line.startsWith("#") || cells.length < 10) return [];
    const cell = (name: string) => cells[columns.get(name) ?? -1] ?? "";
    return [
      {
        backend: cell("be_name"),
        name: cell("srv_name"),
        address: cell("srv_addr"),
        port: Number(cell("srv_port")),
      },
    ];
  });
}

/** The description that the running process was configured with, from `show info`. */
export function parseDescription(info: string): string | undefined {
  return /^description: (.*)$/m.exec(info)?.[1];
}
