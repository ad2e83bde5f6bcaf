import { idText, payloads, readFrame, writeFrame, type Frame } from "./frame.ts";

/** The instance's end of a session, without its transport. */
export interface DataChannel {
  /** Begins: the handshake asks for a session of this type. */
  readonly open: (sessionType: string) => void;
  readonly receive: (data: Buffer) => void;
  readonly send: (output: Buffer) => void;
  /** Says that the session is over, once everything has arrived. */
  readonly end: () => void;
  /** Sends again what the client did not take. Call it every now and then. */
  readonly resend: () => void;
}

export interface ChannelDeps {
  readonly session: string;
  readonly transmit: (data: Buffer) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The client knows the session's type, and takes output. */
  readonly onReady: () => void;
  /** What was typed. */
  readonly onInput: (data: Buffer) => void;
  /** The client ends the session. */
  readonly onStop: () => void;
  /** The client knows that the session is over. */
  readonly onEnd: () => void;
}

/**
 * As the SSM agent behaves: each message is numbered and acknowledged. The client drops output until it has set its terminal, so what is not
 * acknowledged is sent again.
 */
export function createDataChannel(deps: ChannelDeps): DataChannel {
  const { session, transmit, now, onReady, onInput, onStop, onEnd } = deps;
  const open = new Map<number, { readonly data: Buffer; sent: number }>();
  let next = 0;
  let expected = 0;
  let isOver = false;
  const post = (payloadType: number, payload: Buffer): void => {
    const frame: Frame = { type: "output_stream_data", sequence: next, payloadType, payload };
    const data = writeFrame(frame, now());
    open.set(next, { data, sent: now() });
    next += 1;
    transmit(data);
  };
  const json = (value: object): Buffer => Buffer.from(JSON.stringify(value));
  const tell = (type: string, value: object): void => {
    transmit(writeFrame({ type, sequence: 0, payloadType: 0, payload: json(value) }, now()));
  };
  const acknowledge = ({ type, sequence, id }: Frame): void => {
    tell("acknowledge", {
      AcknowledgedMessageType: type,
      AcknowledgedMessageId: idText(id ?? Buffer.alloc(16)),
      AcknowledgedMessageSequenceNumber: sequence,
      IsSequentialMessage: true,
    });
  };
  const close = (): void => {
    if (!isOver || open.size > 0) return;
    const about = { MessageId: idText(Buffer.alloc(16)), SessionId: session, SchemaVersion: 1 };
    tell("channel_closed", { MessageType: "channel_closed", Output: "", ...about });
    onEnd();
  };
  const take = ({ payloadType, payload }: Frame): void => {
    if (payloadType === payloads.handshakeResponse) {
      post(payloads.handshakeComplete, json({ HandshakeTimeToComplete: 1, CustomerMessage: "" }));
      onReady();
    } else if (payloadType === payloads.output) {
      onInput(payload);
    } else if (payloadType === payloads.flag && payload.readUInt32BE(0) === terminateFlag) {
      onStop();
    }
  };
  return {
    open: (SessionType) => {
      const action = { ActionType: "SessionType", ActionParameters: { SessionType } };
      post(
        payloads.handshakeRequest,
        json({ AgentVersion: "3.3.0.0", RequestedClientActions: [action] }),
      );
    },
    receive: (data) => {
      const frame = readFrame(data);
      if (frame.type === "acknowledge") {
        const { AcknowledgedMessageSequenceNumber: number } = JSON.parse(
          frame.payload.toString(),
        ) as { readonly AcknowledgedMessageSequenceNumber: number };
        open.delete(number);
        close();
      } else if (frame.type === "input_stream_data") {
        acknowledge(frame);
        // It comes again when the acknowledgement was late.
        if (frame.sequence !== expected) return;
        expected += 1;
        take(frame);
      }
    },
    send: (output) => {
      for (let at = 0; at < output.length; at += mostBytes) {
        post(payloads.output, output.subarray(at, at + mostBytes));
      }
    },
    end: () => {
      isOver = true;
      close();
    },
    resend: () => {
      for (const message of open.values()) {
        if (now() - message.sent < resendMilliseconds) continue;
        message.sent = now();
        transmit(message.data);
      }
    },
  };
}

const terminateFlag = 2;
/** The agent's largest payload. */
const mostBytes = 1024;
const resendMilliseconds = 200;
