import { CommandError, exitCodes } from "../errors/command-error.ts";

/**
 * The value that was typed or piped. A single line loses its line break, which `echo` and an editor add; a text of several lines, such as a key in PEM,
 * stays as it is. Throws CommandError (64) for what a secret cannot hold; the message never has the value. `next` is the verb's own command that
 * takes a value.
 */
export function secretValue(given: Uint8Array | undefined, next: string): string {
  const refusal = (what: string) => new CommandError(what, { exitCode: exitCodes.usage, next });
  const text = given === undefined ? "" : decode(given);
  if (text === undefined) throw refusal("The value is not text in UTF-8.");
  const line = /^([^\r\n]*)\r?\n$/.exec(text)?.[1];
  const value = line ?? text;
  if (value === "") throw refusal("The value is empty.");
  if (text.includes("\0")) throw refusal("The value is not text: it has a null character.");
  if (Buffer.byteLength(value) > mostSecretBytes) {
    throw refusal(`The value has more than ${mostSecretBytes} bytes.`);
  }
  return value;
}

/** Undefined when it is no UTF-8. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Of a secret's value (Secrets Manager, quotas). */
export const mostSecretBytes = 65_536;
