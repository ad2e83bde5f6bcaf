import * as z from "zod/mini";
import { configFile } from "./config.ts";

/** The JSON Schema of infer-deploy.yml, for editors; `npm run schema` writes it to schema/. */
export function renderJsonSchema(): object {
  return {
    ...z.toJSONSchema(configFile, { target: "draft-07", io: "input" }),
    title: "infer-deploy.yml",
    description: "A service that infer-deploy runs on EC2.",
  };
}
