import { expect, test } from "vitest";
import { createDataChannel } from "./data-channel.ts";
import { idText, payloads, readFrame, writeFrame, type Frame } from "./frame.ts";
import { sessionProgram } from "./session-program.ts";

/** A client that acknowledges, unless its terminal is not set yet. */
function connect() {
  const happened: string[] = [];
  const sent: Frame[] = [];
  let at = 0;
  let takes = true;
  const channel = createDataChannel({
    session: "s-1",
    now: () => at,
    transmit: (data) => {
      const frame = readFrame(data);
      sent.push(frame);
      if (frame.type === "output_stream_data" && takes) acknowledge(frame.sequence);
    },
    onReady: () => happened.push("ready"),
    onInput: (data) => happened.push(`input ${data.toString()}`),
    onStop: () => happened.push("stop"),
    onEnd: () => happened.push("end"),
  });
  const post = (frame: Partial<Frame>): void => {
    const whole = { type: "input_stream_data", sequence: 0, payloadType: 0, ...frame };
    channel.receive(writeFrame({ payload: Buffer.alloc(0), ...whole }, at));
  };
  const acknowledge = (number: number): void => {
    const payload = Buffer.from(JSON.stringify({ AcknowledgedMessageSequenceNumber: number }));
    post({ type: "acknowledge", payload });
  };
  return {
    ...{ channel, happened, sent, post },
    isReady: (is: boolean) => {
      takes = is;
    },
    pass: (milliseconds: number) => {
      at += milliseconds;
    },
  };
}

const ofType = (sent: readonly Frame[], type: string) => sent.filter((one) => one.type === type);

test("a message keeps its parts", () => {
  const id = Buffer.from("00112233445566778899aabbccddeeff", "hex");
  const frame = { type: "input_stream_data", sequence: 7, payloadType: 1, id };
  const data = writeFrame({ ...frame, payload: Buffer.from("ls\n") }, 5);
  expect(data.readUInt32BE(0)).toBe(116);
  expect(readFrame(data)).toMatchObject({ ...frame, payload: Buffer.from("ls\n") });
  expect(idText(id)).toBe("8899aabb-ccdd-eeff-0011-223344556677");
  expect(() => readFrame(Buffer.from("{}"))).toThrow("a message of 2 bytes");
});

test("the handshake asks for the session's type, and output follows it", () => {
  const { channel, happened, post, sent } = connect();
  channel.open("InteractiveCommands");
  expect(sent[0]?.payload.toString()).toContain('"SessionType":"InteractiveCommands"');
  post({ payloadType: payloads.handshakeResponse });
  expect(happened).toEqual(["ready"]);
  channel.send(Buffer.alloc(2500, "x"));
  const output = sent.filter(({ payloadType }) => payloadType === payloads.output);
  expect(output.map(({ payload }) => payload.length)).toEqual([1024, 1024, 452]);
  expect(output.map(({ sequence }) => sequence)).toEqual([2, 3, 4]);
});

test("what comes twice is taken once, and acknowledged twice", () => {
  const { channel, happened, post, sent } = connect();
  channel.open("InteractiveCommands");
  post({ payloadType: payloads.handshakeResponse });
  for (const _ of [1, 2]) post({ sequence: 1, payloadType: 1, payload: Buffer.from("ls") });
  expect(happened).toEqual(["ready", "input ls"]);
  expect(ofType(sent, "acknowledge")).toHaveLength(3);
});

test("output that the client dropped is sent again, and the end waits for it", () => {
  const { channel, happened, isReady, pass, sent } = connect();
  isReady(false);
  channel.send(Buffer.from("early"));
  channel.end();
  expect(happened).toEqual([]);
  isReady(true);
  channel.resend();
  expect(sent).toHaveLength(1);
  pass(300);
  channel.resend();
  expect(sent.map(({ payload }) => payload.toString()).slice(0, 2)).toEqual(["early", "early"]);
  expect(ofType(sent, "channel_closed")).toHaveLength(1);
  expect(happened).toEqual(["end"]);
});

test("the client may end it", () => {
  const { channel, happened, post } = connect();
  channel.open("InteractiveCommands");
  post({ payloadType: payloads.flag, payload: Buffer.from([0, 0, 0, 2]) });
  expect(happened).toEqual(["stop"]);
});

test("a document says whether the command has a terminal", () => {
  expect(
    sessionProgram({ document: "AWS-StartNonInteractiveCommand", command: "id" }),
  ).toMatchObject({ type: "NonInteractiveCommands", takesInput: false });
  expect(sessionProgram({ document: "AWS-StartInteractiveCommand", command: "id" }).argv).toContain(
    "id",
  );
  expect(sessionProgram({ document: "SSM-SessionManagerRunShell", command: "" })).toMatchObject({
    type: "Standard_Stream",
  });
});
