import { open } from "node:fs/promises";

export interface FileTail {
  /** Reads what is left and closes the file. */
  finish(): Promise<void>;
}

/**
 * Reads a file while another program writes to it. It asks the file again and again instead of watching it:
 * that is the same on every file system, and a tenth of a second is soon enough for a person.
 */
export async function followFile(
  path: string,
  onChunk: (chunk: Uint8Array) => void,
): Promise<FileTail> {
  const file = await open(path, "r");
  const buffer = Buffer.alloc(bufferBytes);
  const readAll = async (): Promise<void> => {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) return;
      onChunk(Buffer.from(buffer.subarray(0, bytesRead)));
    }
  };
  let reading = Promise.resolve();
  const timer = setInterval(() => {
    reading = reading.then(readAll);
  }, everyMilliseconds);
  return {
    finish: async () => {
      clearInterval(timer);
      await reading;
      await readAll();
      await file.close();
    },
  };
}

const everyMilliseconds = 100;
const bufferBytes = 64 * 1024;
