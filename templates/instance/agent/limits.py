"""What the container's confinement does to a program, by its last words."""
import re

# In a program's words, the newest line first.
READ_ONLY = "its file system is read-only except for /tmp"
NO_RIGHTS = "it runs without capabilities, so even root cannot change users or owners. Set USER in the Dockerfile, and the owners when it is built"
SHARED_MEMORY = "/dev/shm has 64 MB"
LIMITS = (
    ("EROFS|read-only file ?system", "", READ_ONLY),
    ("ENOSPC|no space left on device", "/dev/shm", SHARED_MEMORY),
    ("ENOSPC|no space left on device", "/tmp", "/tmp is in the memory of the container"),
    ("ENOSPC|no space left on device", "", f"the disk of the instance is full (instances.disk), or {SHARED_MEMORY}"),
    ("bus error", "", SHARED_MEMORY),
    ("EPERM|operation not permitted", "", NO_RIGHTS),
    ("EACCES|permission denied", "/tmp", "/tmp allows no programs (noexec)"),
    ("EACCES|permission denied", "", "it runs as the user of its image and without capabilities, so the permissions of files apply even to root"),
)


def blame_limit(lines):
    """A sentence with the path and the limit that a crash ran into, with a space before it; "" when the lines name none."""
    for line in reversed(lines):
        paths = re.findall(r"""(?<![\w:/.])/[\w.+@~-][^\s'":,;)>]*""", line)
        for pattern, folder, limit in LIMITS:
            if re.search(pattern, line, re.IGNORECASE) and (not folder or any(path.startswith(folder) for path in paths)):
                return f" The container could not use {paths[-1]}: {limit}." if paths else f" A limit of the container: {limit}."
    return ""
