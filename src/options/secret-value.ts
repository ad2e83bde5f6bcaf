import { CommandError, exitCodes } from "../errors/command-error.ts";

/**
 * The value that was typed or piped. A single line loses its line break, which `echo` and an editor add; a text of several lines, such as a key in PEM,
 * stays as it is. Throws CommandError (64) for what a secret cannot hold; the message never has the value.
 */
export function secretValue(given: Uint8Array | undefined): string {
  const text = given === undefined ? "" : decode(given);
  const line = /^([^\r\n]*)\r?\n$/.exec(text)?.[1];
  const value = line ?? text;
  if (value === "") throw refusal("The value is empty.");
  if (text.includes("\0")) throw refusal("The value is not text: it has a null character.");
  if (Buffer.byteLength(value) > mostSecretBytes) {
    throw refusal(`The value has more than ${mostSecretBytes} bytes.`);
  }
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refusal("The value is not text in UTF-8.");
  }
}

function refusal(what: string): CommandError {
  return new CommandError(what, {
    exitCode: exitCodes.usage,
    next: "pipe the value in, as in: infer-deploy secrets set NAME <FILE",
  });
}

/** Of a secret's value (Secrets Manager, quotas). */
export const mostSecretBytes = 65_536;
