import { open } from "node:fs/promises";

export interface FileTail {
  /** Reads the rest and closes the file. */
  finish(): Promise<void>;
}

/**
 * Reads a file while another program writes to it. It polls instead of watching: that works the same on every file
 * system, and every tenth of a second is often enough for a person.
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
