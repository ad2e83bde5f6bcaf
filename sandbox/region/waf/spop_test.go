package main

import (
	"bytes"
	"testing"
)

func TestVarint(t *testing.T) {
	for _, value := range []uint64{0, 1, 239, 240, 2287, 2288, 8192, 264431, 1 << 31, 1<<63 + 5} {
		read := &reader{rest: appendVarint(nil, value)}
		if got := read.varint(); got != value || read.err != nil || len(read.rest) != 0 {
			t.Errorf("%d became %d (%v)", value, got, read.err)
		}
	}
	// The examples of the specification: 240 is the first value of two bytes.
	if got := appendVarint(nil, 240); !bytes.Equal(got, []byte{0xf0, 0x00}) {
		t.Errorf("%x", got)
	}
}

func TestARequestInAFrame(t *testing.T) {
	payload := append(appendName(nil, "inspect"), 3)
	payload = appendString(appendName(payload, "path"), "/a")
	payload = append(appendName(payload, "source"), typeIPv4, 10, 0, 0, 9)
	payload = append(appendName(payload, "body"), typeNull)
	sent := frame{kind: frameNotify, flags: flagFin, stream: 300, request: 7, payload: payload}
	got, err := readFrame(bytes.NewReader(sent.bytes()))
	if err != nil || got.stream != 300 || got.request != 7 {
		t.Fatalf("%v %v", got, err)
	}
	given, err := arguments(got.payload)
	one := readRequest(given)
	if err != nil || one.path != "/a" || one.source != "10.0.0.9" || one.body != "" {
		t.Fatalf("%v %v", one, err)
	}
}

func TestFramesThatAreCutOffAreErrors(t *testing.T) {
	whole := frame{kind: frameNotify, payload: appendString(append(appendName(nil, "inspect"), 1), "x")}.bytes()
	for length := 1; length < len(whole); length++ {
		if _, err := readFrame(bytes.NewReader(whole[:length])); err == nil {
			t.Errorf("%d bytes", length)
		}
	}
	if _, err := arguments([]byte{1, 'a', 2, 1, 'b', typeString, 200}); err == nil {
		t.Error("an argument that is cut off")
	}
}

func FuzzArguments(f *testing.F) {
	f.Fuzz(func(_ *testing.T, payload []byte) { _, _ = arguments(payload) })
}
