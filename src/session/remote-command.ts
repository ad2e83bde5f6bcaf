import { shellWord } from "../errors/printed-commands.ts";
import type { Place } from "./choose-instance.ts";

export interface RemoteCommand {
  readonly words: readonly string[];
  readonly hasTerminal: boolean;
}

/** In the container. Without words, a shell of its image. Session Manager's user may use Docker as root only. */
export function inContainer({ slot }: Place, { words, hasTerminal }: RemoteCommand): string {
  const command = words.length === 0 ? ["sh"] : words;
  const flags = hasTerminal ? "-it" : "-i";
  return `${root} docker exec ${flags} infer-deploy-app${slot} ${command.map(shellWord).join(" ")}`;
}

/** On the instance itself. */
export function onHost({ words }: Pick<RemoteCommand, "words">): string {
  return words.map(shellWord).join(" ");
}

/** In a new container. `name`: that of the container. */
export function inNewContainer(
  { slot }: Place,
  { words, hasTerminal }: RemoteCommand,
  name: string,
): string {
  const given = [slot, name, hasTerminal ? "terminal" : "", ...words];
  return `${root} python3 -c ${shellWord(oneOff)} ${given.map((word) => shellWord(word) || "''").join(" ")}`;
}

/**
 * As Session Manager's documents may have it: their parameters know no quotes. With `marks`, the output comes between two lines, and the
 * second one has the exit code: the plugin prints its own lines too, and always ends with 0.
 */
export function wrapped(command: string, marks: Marks | undefined): string {
  const script =
    marks === undefined
      ? command
      : `echo ${marks.begin}\n${command} </dev/null 2>&1\nprintf '\\n%s %s\\n' ${marks.end} "$?"`;
  const coded = Buffer.from(script).toString("base64");
  return `sh -c "$(echo ${coded} | base64 -d)"`;
}

export interface Marks {
  readonly begin: string;
  readonly end: string;
}

/** Session Manager's own user may become root without a password; root needs no sudo. */
const root = "$(command -v sudo)";

/**
 * A container like the one that serves, with its image, environment, secrets and limits, but with another command, without a port, and with its
 * output here. It takes no memory that the machine lacks, and the kernel ends it before the one that serves.
 */
const oneOff = `
import http.client, json, os, signal, socket, subprocess, sys
slot, name, terminal, *command = sys.argv[1:]
class Docker(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/var/run/docker.sock")
def ask(method, path, body=None):
    docker = Docker("docker")
    docker.request(method, path, json.dumps(body) if body else None, {"content-type": "application/json"})
    answer = docker.getresponse()
    return answer.status, answer.read().decode(errors="replace")
try:
    config = json.load(open(f"/run/infer-deploy{slot}/container.json"))["config"]
except (OSError, KeyError):
    sys.exit("This instance runs no release.")
host = config["HostConfig"]
free = next(int(line.split()[1]) * 1024 for line in open("/proc/meminfo") if line.startswith("MemAvailable"))
memory = min(host["Memory"], free * 8 // 10)
host.update(PortBindings={}, LogConfig={"Type": "json-file", "Config": {}}, Memory=memory, MemorySwap=memory, OomScoreAdj=1000)
config.update(Cmd=command, Entrypoint=[""], Tty=bool(terminal), OpenStdin=bool(terminal), Labels={"infer-deploy.run": "1"})
status, answer = ask("POST", f"/containers/create?name={name}", config)
if status != 201:
    sys.exit(answer)
for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: sys.exit(130))
try:
    code = subprocess.call(["docker", "start", "--attach", *(["--interactive"] if terminal else []), name])
finally:
    ask("DELETE", f"/containers/{name}?force=1&v=1")
sys.exit(code)
`.trim();
