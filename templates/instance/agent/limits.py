"""What the container's confinement does to a program, by its last words, and the key of infer-deploy.yml that allows it."""
import re

# In a program's words, the newest line first. {folder}: of the path that the line names.
READ_ONLY = "the image's files cannot be changed. Add {folder} to container.writable, or set container.read_only: false"
CAPABILITIES = (
    "even root may not do it. container.capabilities: [SETUID, SETGID] lets root change users, and CHOWN files. Or set USER in the Dockerfile"
)
OTHER_PROCESSOR = (
    "a program is for another processor than the instance's, so build the image for image.platform or choose another instances.type; "
    "or it is a script without a first line such as #!/bin/sh"
)
SHARED_MEMORY = "/dev/shm has {shm}. Set container.shm"
LIMITS = (
    ("EROFS|read-only file ?system", "", READ_ONLY),
    # Numba's words for a folder that it may not write to.
    ("no locator available for file", "", "the image's files cannot be changed. Set NUMBA_CACHE_DIR in env to a folder that can be written, such as /tmp/numba"),
    ("no new privileges", "", "no program gains rights in it. Set container.user to start as another user, or start as root"),
    ("ENOSPC|no space left on device", "/dev/shm", SHARED_MEMORY),
    ("ENOSPC|no space left on device", "/tmp", "/tmp is in the memory of the container. Set container.tmp.size, or add a folder on the disk to container.writable"),
    ("ENOSPC|no space left on device", "", f"a part of its memory, /tmp (container.tmp.size) or /dev/shm ({{shm}}, container.shm), or the disk of the instance (instances.disk) is full"),
    ("bus error", "", SHARED_MEMORY),
    ("exec format error", "", OTHER_PROCESSOR),
    ("EPERM|operation not permitted", "", CAPABILITIES),
    ("EACCES|permission denied|failed to map segment", "/tmp", "programs may not run from /tmp. Set container.tmp.exec: true"),
    ("EACCES|permission denied", "", "it runs as the user of its image and without capabilities, so the permissions of files apply even to root. "
     "Add {folder} to container.writable, set container.user, or add DAC_OVERRIDE to container.capabilities"),
)


def blame_limit(lines, shm_mb=64):
    """A sentence with the path and the limit that a crash ran into, with a space before it; "" when the lines name none.

    `shm_mb`: the release's; None for a quarter of its memory.
    """
    for line in reversed(lines):
        paths = re.findall(r"""(?<![\w:/.])/[\w.+@~-][^\s'":,;)>]*""", line)
        for pattern, folder, limit in LIMITS:
            if re.search(pattern, line, re.IGNORECASE) and (not folder or any(path.startswith(folder) for path in paths)):
                words = limit.format(folder=folder_of(paths), shm=f"{shm_mb} MB" if shm_mb else "a quarter of its memory")
                return f" The container could not use {paths[-1]}: {words}." if paths else f" A limit of the container: {words}."
    return ""


def folder_of(paths):
    """The folder of what looks like a file, by a dot in its name. Programs name the folder that they cannot make, too."""
    if not paths:
        return "the folder"
    above, _, name = paths[-1].rpartition("/")
    return above if above and "." in name[1:] else paths[-1]
