import { readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import license from "rollup-plugin-license";

// One package without dependencies: the libraries alone are seven hundred files, and finding and reading them was most of a verb's start.
const program = {
  input: {
    cli: "src/cli.ts",
    "controller-main": "sandbox/src/controller-main.ts",
  },
  platform: "node",
  plugins: [
    builtinModules(),
    commanderWithoutPrograms(),
    license({
      thirdParty: {
        includePrivate: false,
        output: { file: fileURLToPath(new URL("dist/third-party-licenses.txt", import.meta.url)) },
      },
    }),
  ],
  output: {
    dir: "dist",
    cleanDir: true,
    // Half of what commander has for `--help` to read.
    comments: { jsdoc: false },
    codeSplitting: {
      groups: [
        {
          name: "ground",
          test: /src\/(errors\/command-error|process\/(closed-output|switches)|report\/json-text|config\/schema\/duration|image\/version)\.ts$/,
        },
      ],
    },
  },
};

// What `infer-deploy dashboard` gives to the browser: it works offline and loads nothing from elsewhere.
const page = {
  input: { page: "src/dashboard/page/page.ts" },
  platform: "browser",
  tsconfig: "src/dashboard/page/tsconfig.json",
  plugins: [
    pageFiles(),
    license({
      thirdParty: {
        output: {
          file: fileURLToPath(new URL("dist/page/third-party-licenses.txt", import.meta.url)),
        },
      },
    }),
  ],
  output: { dir: "dist/page", minify: true },
};

export default [program, page];

/** The files that are not code, next to it; the chart library's style sheet comes before the page's own. */
function pageFiles() {
  const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");
  const own = (name) => read(`src/dashboard/page/${name}`);
  return {
    name: "page-files",
    generateBundle() {
      const files = {
        "index.html": own("index.html"),
        "icon.svg": own("icon.svg"),
        "page.css": read("node_modules/uplot/dist/uPlot.min.css") + own("page.css"),
      };
      for (const [fileName, source] of Object.entries(files)) {
        this.emitFile({ type: "asset", fileName, source });
      }
    },
  };
}

/**
 * Takes Node's own modules from process.getBuiltinModule() in place of an import. An import reads all that a module exports, and with it loads
 * whatever the module would load at first use: streams for node:fs, the terminal for node:process, WebCrypto for node:crypto.
 */
function builtinModules() {
  return {
    name: "builtin-modules",
    renderChunk(code) {
      const lines = code.split("\n");
      const end = lines.findIndex((line) => !/^(import .* from ".*"|import ".*");$/.test(line));
      const head = lines.slice(0, end).map((line) => {
        const [, names, module] = /^import (.*) from "(.*)";$/.exec(line) ?? [];
        return module !== undefined && isBuiltin(module) ? bindings(names, module) : line;
      });
      return { code: [...head, ...lines.slice(end)].join("\n") };
    },
  };
}

/** commander starts programs for subcommands that are separate files. There are none here, and loading what starts them takes 2 ms. */
function commanderWithoutPrograms() {
  const none = "\0no-child-process";
  return {
    name: "commander-without-programs",
    resolveId(id, importer) {
      return id === "node:child_process" && importer?.includes("/commander/") ? none : null;
    },
    load(id) {
      return id === none ? "export default {};" : null;
    },
  };
}

/** `fs, { join as j }` and `* as os`, as declarations. */
function bindings(names, module) {
  const [, whole, listed] = /^(?:(?:\* as )?([\w$]+))?(?:, )?(\{.*\})?$/.exec(names);
  const from = `globalThis.process.getBuiltinModule("${module}")`;
  return [
    ...(whole === undefined ? [] : [`const ${whole} = ${from};`]),
    ...(listed === undefined ? [] : [`const ${listed.replaceAll(" as ", ": ")} = ${from};`]),
  ].join("\n");
}
