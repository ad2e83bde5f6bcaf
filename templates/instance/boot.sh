#!/usr/bin/env bash
# Runs once, from user-data. The agent starts first, so that it can report a failure below.
set -euo pipefail
exec > >(tee -a /var/log/infer-deploy-boot.log) 2>&1

say() { echo "$(date -u +%FT%TZ) $*"; }

try() {
  local pause
  for pause in 3 6 9 12 stop; do
    "$@" && return
    [ "$pause" = stop ] && return 1
    say "failed, trying again in $pause s: $*"
    sleep "$pause"
  done
}

# An upgrade would restart Docker or the container, on all instances within the same hour. A new machine image brings new packages.
freeze_packages() {
  # Stopped first: a timer that runs fails when its service is masked.
  systemctl stop apt-daily.timer apt-daily-upgrade.timer || true
  systemctl mask apt-daily.timer apt-daily.service apt-daily-upgrade.timer apt-daily-upgrade.service unattended-upgrades.service
  # Ubuntu's needrestart restarts services by itself, after any installation.
  mkdir -p /etc/needrestart/conf.d
  cat >/etc/needrestart/conf.d/infer-deploy.conf <<'PERL'
$nrconf{override_rc}{qr(^(infer-deploy|containerd|docker))} = 0;
PERL
}

# Containers outlive a restart of Docker. With GPUs, devices have names (CDI), as in Docker 28.3 by itself. The machine image's own settings stay.
set_up_docker() {
  python3 - /etc/docker/daemon.json <<'PYTHON'
import json, os, shutil, sys
path = sys.argv[1]
before = json.load(open(path)) if os.path.exists(path) else {}
settings = {"live-restore": True, **before}
if shutil.which("nvidia-ctk"):
    settings["features"] = {"cdi": True, **before.get("features", {})}
if settings != before:
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        json.dump(settings, file, indent=2)
PYTHON
}

# The container gets GPUs as devices that this file names. With NVIDIA's runtime instead, it would lose them at systemd's next reload
# (https://github.com/NVIDIA/nvidia-container-toolkit/issues/48). The agent waits for the file.
name_gpus() {
  # These make the device nodes, of which the file lists those that are there.
  try nvidia-smi --list-gpus
  if command -v nvidia-modprobe >/dev/null; then nvidia-modprobe -c 0 -u; fi
  mkdir -p /etc/cdi
  try nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml
}

# Another driver than the running kernel's takes the GPUs away, and so does a restart of Docker or containerd.
hold_drivers() {
  # It fails when a pattern matches no package.
  { dpkg-query --show --showformat '${db:Status-Abbrev} ${Package}\n' 'nvidia-*' 'libnvidia-*' 'cuda-*' 'docker*' 'containerd*' || true; } 2>/dev/null |
    awk '$1 == "ii" { print $2 }' | xargs --no-run-if-empty apt-mark hold
}

install_docker() {
  if ! command -v apt-get >/dev/null; then
    say "this machine image has neither Docker nor apt: use an Ubuntu or Debian image, or one with Docker"
    return 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  # Another program of the machine image may hold apt's lock for a while.
  try apt-get -o DPkg::Lock::Timeout=300 update -q
  try apt-get -o DPkg::Lock::Timeout=300 install -y -q docker.io
  apt-mark hold docker.io containerd runc
}

# The agent waits for boot-over to keep the log, and reports its last lines when there is boot-failed.
finish() {
  mkdir -p /run/infer-deploy
  if [ "$1" != 0 ]; then
    say "boot failed"
    touch /run/infer-deploy/boot-failed
  fi
  touch /run/infer-deploy/boot-over
}
trap 'finish $?' EXIT

# A local disk is fast, and empty on a new machine: it keeps container.cache. Where the machine image has mounted it, its folder does.
use_local_disk() {
  local disk place=/var/lib/infer-deploy-cache mounted
  for disk in /dev/disk/by-id/nvme-Amazon_EC2_NVMe_Instance_Storage_*; do
    [ -b "$disk" ] || return 0
    mkdir -p "$place"
    mounted=$(lsblk -nro MOUNTPOINT "$disk" | grep -m 1 . || true)
    if [ -n "$mounted" ]; then
      mkdir -p "$mounted/infer-deploy-cache"
      mount --bind "$mounted/infer-deploy-cache" "$place"
    else
      mkfs.ext4 -q -m 0 "$disk"
      mount -o noatime "$disk" "$place"
      echo "$disk $place ext4 noatime,nofail 0 2" >>/etc/fstab
    fi
    say "the local disk keeps the cache"
    return 0
  done
}
use_local_disk || say "the local disk could not be used: the cache is on the root disk"

say "starting the agent"
systemctl daemon-reload
systemctl enable --now --no-block infer-deploy-agent.service

# cloud-init runs this before apt-daily.service, so no upgrade is in progress.
freeze_packages
set_up_docker
if ! command -v dockerd >/dev/null; then
  say "installing Docker from the distribution's packages"
  install_docker
fi
systemctl enable --now docker.service
if command -v nvidia-ctk >/dev/null; then
  hold_drivers
  # Docker reads about CDI when it starts. Nothing runs yet.
  systemctl restart docker.service
  name_gpus
else
  # For a machine image on which Docker has been running.
  systemctl reload docker.service || true
fi
say "$(dockerd --version) is running; the agent takes over"
