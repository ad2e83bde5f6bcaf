import { createHash, randomBytes } from "node:crypto";

/** A message of Session Manager's data channel. */
export interface Frame {
  readonly type: string;
  readonly sequence: number;
  readonly payloadType: number;
  readonly payload: Buffer;
  /** 16 bytes; random when left out. */
  readonly id?: Buffer;
}

/** What a payload is. https://github.com/aws/session-manager-plugin, src/message/clientmessage.go */
export const payloads = {
  output: 1,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  flag: 10,
} as const;

/**
 * The binary form: the header's length, the type (32 bytes), version, time, number, flags, id, SHA-256 of the payload, the payload's type and
 * length, the payload. Numbers are big-endian, and the id has its second half first.
 */
export function writeFrame({ type, sequence, payloadType, payload, id }: Frame, now: number) {
  const head = Buffer.alloc(headBytes);
  head.writeUInt32BE(headBytes - 4, 0);
  head.write(type.padEnd(32), 4);
  head.writeUInt32BE(1, 36);
  head.writeBigUInt64BE(BigInt(now), 40);
  head.writeBigInt64BE(BigInt(sequence), 48);
  // The first message of the stream.
  head.writeBigUInt64BE(sequence === 0 ? 1n : 0n, 56);
  (id ?? randomBytes(16)).copy(head, 64);
  createHash("sha256").update(payload).digest().copy(head, 80);
  head.writeUInt32BE(payloadType, 112);
  head.writeUInt32BE(payload.length, 116);
  return Buffer.concat([head, payload]);
}

/** Throws an Error for data that is not a message. */
export function readFrame(data: Buffer): Frame {
  if (data.length < headBytes) throw new Error(`a message of ${data.length} bytes`);
  const start = data.readUInt32BE(0) + 4;
  return {
    type: data.toString("utf8", 4, 36).replace(/[\0 ]+$/, ""),
    sequence: Number(data.readBigInt64BE(48)),
    payloadType: data.readUInt32BE(112),
    payload: data.subarray(start, start + data.readUInt32BE(start - 4)),
    id: data.subarray(64, 80),
  };
}

/** As text: the halves in their usual order. */
export function idText(id: Buffer): string {
  const hex = Buffer.concat([id.subarray(8), id.subarray(0, 8)]).toString("hex");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

const headBytes = 120;
