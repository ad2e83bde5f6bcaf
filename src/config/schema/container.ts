import type * as z from "zod/mini";
import { group } from "../fields/keys.ts";
import { gpus, settleGpus, type Gpus } from "./gpus.ts";

/** What the container may do and use. */
export interface ContainerOptions {
  readonly gpus: Gpus;
}

export const container = group(
  "What the container may do and use. Each key is part of a release: a rollback goes back with it.",
  { gpus },
);

type ContainerKeys = NonNullable<z.infer<typeof container>>;

export function settleContainer(keys: ContainerKeys = {}, instanceType: string): ContainerOptions {
  return { gpus: settleGpus(keys.gpus, instanceType) };
}
