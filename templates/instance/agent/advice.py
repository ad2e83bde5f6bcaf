"""Why a container that runs is not healthy, and what to change."""
import re
import socket

from files import last_lines

REDIRECTS = (301, 302, 303, 307, 308)
FOR_HEALTH = "The load balancer's health checks, and the agent's, "


def explain(port, answer, found):
    """(what to change, or ""; whether the problem is definite, so that waiting does not help).

    `answer`: of ask_health. `found`: see look_closer.
    A model server may take minutes to open its port, open others first, and answer 400 or 503: none of that is definite.
    """
    status = answer["status"]
    if status and "code" in answer:
        return explain_call(answer)
    if answer.get("spoken") or found.get("spoken"):
        return explain_protocol(answer.get("spoken") or found["spoken"])
    if status == 0:
        return explain_silence(port, found)
    if status == 400 and re.search("to (an )?HTTPS (server|port)", answer["body"], re.IGNORECASE):
        return " The container speaks HTTPS on this port; it must speak plain HTTP.", True
    names_host = status in (400, 403, 421) and re.search(r"\b(HTTP_)?hosts?\b", answer["body"], re.IGNORECASE)
    if names_host or found.get("any_path"):
        return f" {FOR_HEALTH}have the instance's address as Host: health.path must answer for any Host, or health.codes have {status}.", True
    if status in REDIRECTS and answer["location"].startswith("https:"):
        return f" {FOR_HEALTH}are plain HTTP without X-Forwarded-Proto: health.path must answer without a redirect to https, or health.codes have {status}.", True
    if status in REDIRECTS:
        return " Set health.path to a path that answers GET with 2xx and no redirect.", False
    if status in (401, 403, 404, 405):
        return f" Set health.path to a path that answers GET with 2xx and needs no credentials, or add {status} to health.codes.", True
    return "", False


def explain_call(answer):
    """Of an answer to a call of gRPC."""
    if answer["code"] == 12:
        return " The server does not have this method: add gRPC's health service to it, or set health.path to a method that it has.", True
    if answer["code"] is None and answer["status"] != 200:
        return " Is it a gRPC server? requests.protocol is grpc, and a stack keeps its protocol.", True
    return "", False


def explain_protocol(spoken):
    wanted = "http2 or grpc" if spoken == "HTTP/2" else "http1"
    return f" The container speaks {spoken} on this port: set requests.protocol: {wanted}. A stack keeps its protocol, so that takes another environment, or destroy and up.", True


def explain_silence(port, found):
    exposed, (inside, four, six) = found["exposed"], listeners(found["tables"])
    outside = four | six
    if port in six - four and found["refused"]:
        return f" The container listens on port {port} of [::] for IPv6 only; it must listen on 0.0.0.0.", True
    if port in outside:
        return "", False
    if port in inside:
        return f" The container listens on port {port} of 127.0.0.1 only; it must listen on 0.0.0.0.", True
    # An image that declares the configured port too will open it. Its other ports are for metrics and the like.
    declared = set() if port in exposed else outside & set(exposed)
    listed = ", ".join(map(str, sorted(declared or outside)))
    if declared:
        return f" The container listens on port {listed} instead, which its image exposes: set image.port to it.", True
    return f" The container listens on port {listed} instead." if outside else " The container listens on no port.", False


def listeners(tables):
    """Ports that listen on loopback only, on IPv4 and on IPv6, from the lines of /proc/PID/net/tcp and tcp6."""
    inside, four, six = set(), set(), set()
    for fields in (line.split() for line in tables.splitlines()):
        # 0A: a listening socket.
        if fields[3] == "0A":
            address, number = fields[1].split(":")
            loopback = re.fullmatch("(0{16}FFFF0000)?.{6}7F|0{24}01000000", address)
            (inside if loopback else six if len(address) > 8 else four).add(int(number, 16))
    return inside, four, six


def socket_tables(container):
    folder = f"/proc/{container['State']['Pid'] if container else 0}/net"
    return "\n".join(line for name in ("tcp", "tcp6") for line in last_lines(f"{folder}/{name}", 0)[1:])


def refuses(container, port):
    """Whether nothing in the container listens for IPv4 on the port. Docker's proxy hides that on the host's own port."""
    networks = ((container or {}).get("NetworkSettings") or {}).get("Networks") or {}
    for address in filter(None, (network.get("IPAddress") for network in networks.values())):
        try:
            socket.create_connection((address, port), 1).close()
        except ConnectionRefusedError:
            return True
        except OSError:
            pass
    return False
