/** For NODE_OPTIONS: loaded before the program, it makes every disk have 15 MiB free. */
export const fullDisk =
  "--import=data:text/javascript,process.getBuiltinModule('node:fs/promises').statfs=async()=>({bavail:15,blocks:99,bsize:2**20})";
