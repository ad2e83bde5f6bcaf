import type { InstanceTask } from "./plan-instance-weather.ts";

/** The shell script of a task. It runs inside the instance. */
export function instanceScript(
  task: InstanceTask,
  addresses: { readonly balancer: string; readonly registry: string },
): string {
  switch (task) {
    case "close-late":
      return closing(addresses.balancer, true);
    case "close-in-time":
      return closing(addresses.balancer, false);
    case "fail-dns":
      // A lookup asks for both kinds of address, and asks twice: about four packets of 55 bytes.
      return refuseFirst("-d 127.0.0.11 -p udp", 200, "icmp-port-unreachable");
    case "fail-registry":
      return refuseFirst(
        `-d ${addresses.registry} -p tcp --dport 443`,
        handshakeBytes,
        "tcp-reset",
      );
    case "update":
      return "/usr/local/sbin/sandbox-self-update";
    case "reload":
      return `${whenBooted}\n${reload}`;
    case "lose-gpu":
      return `${whenBooted}\n${loseGpu}`;
  }
}

/**
 * Drops the first packet by which an instance closes a connection to the load balancer. TCP sends it again after about 0.2 s; a
 * request that comes in between meets a closed connection. On AWS the time is that of the way between them, about a millisecond: too
 * short for a rehearsal, which sends few requests.
 */
function closing(balancer: string, late: boolean): string {
  const packet = `-d ${balancer} -p tcp --tcp-flags SYN,FIN,RST FIN`;
  const rules = [
    `${packet} -m connmark --mark 1/1 -j RETURN`,
    `${packet} -j CONNMARK --set-xmark 1/1`,
    `${packet} -j DROP`,
  ];
  const commands = rules.map((rule) =>
    late
      ? `iptables -t mangle -C POSTROUTING ${rule} 2>/dev/null || iptables -t mangle -A POSTROUTING ${rule}`
      : `iptables -t mangle -D POSTROUTING ${rule} 2>/dev/null || true`,
  );
  return [whenBooted, ...commands].join("\n");
}

function refuseFirst(packets: string, bytes: number, how: string): string {
  return `${whenBooted}\niptables -I OUTPUT ${packets} -m quota --quota ${bytes} -j REJECT --reject-with ${how}`;
}

/**
 * With the second version of control groups, systemd sets the device rules of each container's scope again when it is reloaded, and knows
 * those only that Docker gave it. With the first version it does so when a rule is added.
 */
const reload = `systemctl daemon-reload
systemctl list-units --plain --no-legend 'docker-*.scope' | awk '{ print $1 }' |
  while read -r scope; do systemctl set-property --runtime "$scope" 'DeviceAllow=/dev/null rwm'; done`;

/** The driver's line in the kernel's log, and a GPU that it does not reach; nothing on an instance without GPUs. */
const loseGpu = `[ -e /etc/sandbox-gpu ] || exit 0
echo "NVRM: Xid (PCI:0000:00:1e): 79, pid='<unknown>', name=<unknown>, GPU has fallen off the bus." >>/run/sandbox-kernel.log
touch /run/sandbox-gpu-lost`;

// The image's init makes a rule and a lookup of its own before it becomes systemd.
const whenBooted = 'until [ "$(cat /proc/1/comm)" = systemd ]; do sleep 0.1; done';
const handshakeBytes = 60;
