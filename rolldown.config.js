import { fileURLToPath } from "node:url";
import license from "rollup-plugin-license";

// One package without dependencies: the libraries alone are seven hundred files, and finding and reading them was most of a verb's start.
export default {
  input: {
    cli: "src/cli.ts",
    "controller-main": "sandbox/src/controller-main.ts",
  },
  platform: "node",
  plugins: [
    license({
      thirdParty: {
        includePrivate: false,
        output: { file: fileURLToPath(new URL("dist/third-party-licenses.txt", import.meta.url)) },
      },
    }),
  ],
  output: { dir: "dist", cleanDir: true },
};
