import assert from "node:assert/strict";
import { test } from "node:test";
import { countProcessors } from "../src/cpu-quota.ts";

for (const [why, files, expected] of [
  ["no control group at all", {}, 8],
  ["version 2 without a quota", { "/sys/fs/cgroup/cpu.max": "max 100000\n" }, 8],
  ["version 2, two and a half", { "/sys/fs/cgroup/cpu.max": "250000 100000\n" }, 2],
  ["a part of one", { "/sys/fs/cgroup/cpu.max": "20000 100000\n" }, 1],
  ["more than there are", { "/sys/fs/cgroup/cpu.max": "1600000 100000\n" }, 8],
  [
    "version 2, a group above grants less",
    {
      "/proc/self/cgroup": "0::/pods/one\n",
      "/sys/fs/cgroup/pods/one/cpu.max": "400000 100000\n",
      "/sys/fs/cgroup/pods/cpu.max": "300000 100000\n",
    },
    3,
  ],
  [
    "version 1, seen from inside the container",
    {
      "/proc/self/cgroup": "5:cpu,cpuacct:/docker/abc\n4:memory:/docker/abc\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    },
    2,
  ],
  [
    "version 1 without a quota",
    {
      "/proc/self/cgroup": "5:cpu,cpuacct:/\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
    },
    8,
  ],
  [
    "both versions at once, as systemd's hybrid has them",
    {
      "/proc/self/cgroup": "5:cpu,cpuacct:/docker/abc\n0::/docker/abc\n",
      "/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us": "100000\n",
      "/sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us": "100000\n",
    },
    1,
  ],
  ["a file that says something else", { "/sys/fs/cgroup/cpu.max": "what\n" }, 8],
] as const) {
  test(`${why}: ${expected} of 8`, () => {
    const read = (path: string): string | undefined =>
      (files as Readonly<Record<string, string>>)[path];
    assert.equal(countProcessors(read, 8), expected);
  });
}
