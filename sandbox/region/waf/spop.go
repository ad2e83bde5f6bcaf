package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/netip"
)

// HAProxy's Stream Processing Offload Protocol, version 2.0 (doc/SPOE.txt in HAProxy's sources), as far as one message needs it:
// no fragments, no pipelining, one request at a time on a connection.

const (
	frameHello      = 1
	frameDisconnect = 2
	frameNotify     = 3
	frameAgentHello = 101
	frameAgentClose = 102
	frameAck        = 103

	flagFin = 1

	// Larger than any frame that HAProxy sends here: its own limit is the size of its buffers.
	mostFrameBytes = 1 << 20

	actionSetVar     = 1
	scopeTransaction = 2

	typeNull   = 0
	typeBool   = 1
	typeInt32  = 2
	typeUint64 = 5
	typeIPv4   = 6
	typeIPv6   = 7
	typeString = 8
	typeBinary = 9

	boolTrue = 0x10
)

var errMalformed = errors.New("malformed frame")

// frame is one frame of either direction.
type frame struct {
	kind            byte
	flags           uint32
	stream, request uint64
	payload         []byte
}

// readFrame reads one frame. io.EOF: the other side closed the connection between two frames.
func readFrame(in io.Reader) (frame, error) {
	var length [4]byte
	if _, err := io.ReadFull(in, length[:]); err != nil {
		return frame{}, err
	}
	size := binary.BigEndian.Uint32(length[:])
	if size < 7 || size > mostFrameBytes {
		return frame{}, fmt.Errorf("a frame of %d bytes", size)
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(in, body); err != nil {
		return frame{}, err
	}
	read := &reader{rest: body[5:]}
	one := frame{kind: body[0], flags: binary.BigEndian.Uint32(body[1:5]), stream: read.varint(), request: read.varint()}
	one.payload = read.rest
	return one, read.err
}

// bytes is the frame with its length in front.
func (f frame) bytes() []byte {
	out := make([]byte, 4, 32+len(f.payload))
	out = append(out, f.kind)
	out = binary.BigEndian.AppendUint32(out, f.flags)
	out = appendVarint(out, f.stream)
	out = appendVarint(out, f.request)
	out = append(out, f.payload...)
	binary.BigEndian.PutUint32(out, uint32(len(out)-4))
	return out
}

// agentHello accepts the version and the frame size of HAProxy's greeting.
func agentHello(size uint64) frame {
	var out []byte
	out = appendString(appendName(out, "version"), "2.0")
	out = appendName(out, "max-frame-size")
	out = appendVarint(append(out, 3), size)
	out = appendString(appendName(out, "capabilities"), "")
	return frame{kind: frameAgentHello, flags: flagFin, payload: out}
}

func agentClose() frame {
	out := appendVarint(append(appendName(nil, "status-code"), 3), 0)
	out = appendString(appendName(out, "message"), "normal")
	return frame{kind: frameAgentClose, flags: flagFin, payload: out}
}

// ack answers a NOTIFY frame and sets variables of the transaction: names and text values.
func ack(to frame, variables map[string]string) frame {
	var out []byte
	for name, value := range variables {
		out = append(out, actionSetVar, 3, scopeTransaction)
		out = appendString(appendName(out, name), value)
	}
	return frame{kind: frameAck, flags: flagFin, stream: to.stream, request: to.request, payload: out}
}

// values reads the names and values of a HELLO payload.
func values(payload []byte) (map[string]any, error) {
	read := &reader{rest: payload}
	found := map[string]any{}
	for len(read.rest) > 0 && read.err == nil {
		name := read.text()
		found[name] = read.value()
	}
	return found, read.err
}

// arguments reads the first message of a NOTIFY payload.
func arguments(payload []byte) (map[string]any, error) {
	read := &reader{rest: payload}
	read.text()
	found := map[string]any{}
	for count := read.byte(); count > 0 && read.err == nil; count-- {
		name := read.text()
		found[name] = read.value()
	}
	return found, read.err
}

// reader reads values from the front of `rest`. After the first error it returns zero values.
type reader struct {
	rest []byte
	err  error
}

func (r *reader) take(count uint64) []byte {
	if r.err != nil || count > uint64(len(r.rest)) {
		r.err = errMalformed
		return nil
	}
	taken := r.rest[:count]
	r.rest = r.rest[count:]
	return taken
}

func (r *reader) byte() byte {
	if taken := r.take(1); taken != nil {
		return taken[0]
	}
	return 0
}

// varint: below 240 one byte; otherwise four bits in the first byte and seven in each that follows.
func (r *reader) varint() uint64 {
	value := uint64(r.byte())
	if value < 240 {
		return value
	}
	for shift := 4; r.err == nil && shift < 64; shift += 7 {
		next := uint64(r.byte())
		value += next << shift
		if next < 128 {
			return value
		}
	}
	r.err = errMalformed
	return 0
}

func (r *reader) text() string { return string(r.take(r.varint())) }

// value is a bool, uint64, string or nil.
func (r *reader) value() any {
	head := r.byte()
	switch kind := head & 0x0f; {
	case kind == typeNull:
		return nil
	case kind == typeBool:
		return head&boolTrue != 0
	case kind >= typeInt32 && kind <= typeUint64:
		return r.varint()
	case kind == typeIPv4:
		return addressText(r.take(4))
	case kind == typeIPv6:
		return addressText(r.take(16))
	case kind == typeString || kind == typeBinary:
		return r.text()
	}
	r.err = errMalformed
	return nil
}

func addressText(bytes []byte) string {
	address, _ := netip.AddrFromSlice(bytes)
	return address.Unmap().String()
}

func appendVarint(out []byte, value uint64) []byte {
	if value < 240 {
		return append(out, byte(value))
	}
	out = append(out, byte(value)|240)
	for value = (value - 240) >> 4; value >= 128; value = (value - 128) >> 7 {
		out = append(out, byte(value)|128)
	}
	return append(out, byte(value))
}

func appendName(out []byte, name string) []byte {
	return append(appendVarint(out, uint64(len(name))), name...)
}

func appendString(out []byte, value string) []byte {
	return appendName(append(out, typeString), value)
}
