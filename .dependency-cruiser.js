/**
 * Which room may import which: `npm run imports` holds it, `npm run picture` draws it for docs/architecture.md.
 * A room imports rooms of the floors below its own, never one above, and no circle of files exists.
 */
const floors = [
  ["src/errors", "src/package-root.ts"],
  ["src/network", "src/process", "src/report"],
  ["src/config"],
  ["src/options"],
  ["src/completion"],
  ["src/stack", "src/cost"],
  ["src/permissions"],
  ["src/state"],
  ["src/aws"],
  ["src/domain", "src/image", "src/hooks", "src/lock", "src/logs", "src/model", "src/terraform"],
  ["src/release"],
  ["src/doctor", "src/infrastructure", "src/init", "src/session"],
  ["src/views"],
  ["src/dashboard"],
  ["sandbox/src"],
  ["src/deps.ts"],
  ["src/target"],
  ["src/commands"],
  ["src/cli", "src/cli.ts"],
];

/** The floors inside src/release, the one room that contains rooms. `end` is a part of its stories. */
const stories = "(end/)?[^/]+.ts";
const release = ["parts.ts", "observe", "strategy", "plan", "run", "pause", stories].map(
  (room) => `src/release/${room}`,
);

/** What the two packages take from each other; sandbox/README.md says why. */
const border = {
  fromSandbox: [
    "src/errors/(command-error|describe|interrupted-error|printed-commands)",
    "src/process/(interrupts|state-home)",
    "src/process/programs/(execa-run|interruptible-run|last-line|run)",
    "src/report/(reporter|span)",
    "src/package-root",
    "src/config/fields/(gpu-types|regions)",
  ],
  toSandbox: [
    "sandbox/src/client/(engine-versions|sandbox-dns|sandbox-fetch|state-file|weather-names|weather-text)",
    "sandbox/src/lifecycle/(conditions-text|images|open-sandbox|open-weather|reset|sandbox-status|sandbox-status-text|start|stop)",
  ],
};

const at = (path) => `^${path}(/|$|\\.ts$)`;
const any = (paths) => paths.map((path) => `^${path}(/|\\.ts$|$)`).join("|");

/** Nothing on a floor imports a floor above it. */
const upwards = (list) =>
  list.slice(0, -1).map((floor, index) => ({
    name: `not-upwards-from-${[floor].flat()[0].replaceAll("/", "-")}`,
    severity: "error",
    from: { path: any([floor].flat()) },
    to: { path: any(list.slice(index + 1).flat()) },
  }));

export default {
  forbidden: [
    { name: "no-circle", severity: "error", from: {}, to: { circular: true } },
    ...upwards(floors.filter(([room]) => room !== "sandbox/src")),
    ...upwards(release.slice(0, -1)),
    {
      name: "release-rooms-do-not-know-the-stories",
      severity: "error",
      from: { path: "^src/release/(observe|strategy|plan|run|pause)/" },
      to: { path: `^src/release/${stories}$`, pathNot: "^src/release/parts\\.ts$" },
    },
    {
      name: "commands-are-for-the-command-line",
      severity: "error",
      from: { pathNot: "^src/(commands|cli)(/|\\.ts$)" },
      to: { path: at("src/commands") },
    },
    {
      name: "a-release-knows-no-clients",
      comment:
        "target/ binds its parts to AWS; images are the exception until the registry has its own interface.",
      severity: "error",
      from: { path: "^src/release/(observe|strategy|plan|run|pause)/" },
      to: {
        path: "^src/(aws|target|deps)",
        dependencyTypesNot: ["type-only"],
        pathNot:
          "^src/aws/(alarms/describe-alarms|describe-launches|ecr/image-scan|fleet|listener/(pause-rules|probe-rule)|load-balancer|secrets/list-secrets)\\.ts$",
      },
    },
    {
      name: "border-from-the-sandbox",
      severity: "error",
      from: { path: "^sandbox/src/" },
      to: { path: "^src/", pathNot: `^(${border.fromSandbox.join("|")})\\.ts$` },
    },
    {
      name: "border-to-the-sandbox",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^sandbox/src/", pathNot: `^(${border.toSandbox.join("|")})\\.ts$` },
    },
  ],
  options: {
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "\\.test\\.ts$|^test/|node_modules" },
    reporterOptions: {
      archi: {
        collapsePattern: "^(src/release/(observe|strategy|plan|run|pause)|src/[^/]+|sandbox/src)",
      },
      mermaid: { minify: true },
    },
  },
};
