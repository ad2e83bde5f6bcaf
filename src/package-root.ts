import { join } from "node:path";

// This file's own folder is src/, or dist/ once it is part of a file there: both are one folder below the package.
const folder = import.meta.dirname;

/** The folder of package.json. */
export const packageRoot = join(folder, "..");
