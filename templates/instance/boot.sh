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

install_docker() {
  if ! command -v apt-get >/dev/null; then
    say "this machine image has neither Docker nor apt: use an Ubuntu or Debian image, or one with Docker"
    return 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  # The machine image's unattended upgrades may hold apt's lock for a while.
  try apt-get -o DPkg::Lock::Timeout=300 update -q
  try apt-get -o DPkg::Lock::Timeout=300 install -y -q docker.io
}

# The agent checks for this file, and reports the log's last lines.
finish() {
  [ "$1" = 0 ] && return
  say "boot failed"
  mkdir -p /run/infer-deploy
  touch /run/infer-deploy/boot-failed
}
trap 'finish $?' EXIT

say "starting the agent"
systemctl daemon-reload
systemctl enable --now --no-block infer-deploy-agent.service

if ! command -v dockerd >/dev/null; then
  say "installing Docker from the distribution's packages"
  install_docker
fi
systemctl enable --now docker.service
say "$(dockerd --version) is running; the agent takes over"
