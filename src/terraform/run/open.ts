import type { Run } from "../../process/programs/run.ts";
import { findTerraform } from "./binary.ts";
import { Terraform } from "./terraform.ts";
import type { TerraformOptions } from "./terraform.ts";

/**
 * Finds the program and prepares it for the folder. Throws CommandError (64) when no installed one is new enough.
 */
export async function openTerraform({
  run,
  ...options
}: Omit<TerraformOptions, "binary"> & { readonly run: Run }): Promise<Terraform> {
  return new Terraform({ ...options, binary: await findTerraform(run, options.env) });
}
