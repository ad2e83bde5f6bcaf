import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "lint/**/*.test.ts",
            "src/**/*.test.ts",
            "sandbox/src/**/*.test.ts",
            "test/cli/**/*.test.ts",
          ],
          // For a hang, not for a slow machine: the property tests take seconds on an idle one.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "terraform",
          include: ["test/terraform/**/*.test.ts"],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/*.test.ts"],
          setupFiles: ["test/_helpers/printed-runs.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Two cores are enough for one region under load at a time; side by side they only wait for each other.
          fileParallelism: false,
        },
      },
      {
        test: {
          name: "e2e-machines",
          include: ["test/e2e/machines/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Each is one machine without a region, and waits for most of its time.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "e2e-infrastructure",
          include: ["test/e2e/infrastructure/*.test.ts"],
          setupFiles: ["test/_helpers/printed-runs.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          // Most of their time is the AWS provider's fixed waits for a load balancer, which two regions can spend together.
          maxWorkers: 2,
        },
      },
      {
        test: {
          name: "examples",
          include: ["test/e2e/examples/*.test.ts"],
          setupFiles: ["test/_helpers/printed-runs.ts"],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          maxWorkers: 2,
        },
      },
    ],
  },
});
