// Package uuid is what the plugin uses of an older github.com/twinj/uuid.
package uuid

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"strings"
)

type Format string

const CleanHyphen Format = "clean"

type UUID interface {
	Bytes() []byte
	String() string
}

type id [16]byte

func (u *id) Bytes() []byte { return u[:] }

func (u *id) String() string {
	text := hex.EncodeToString(u[:])
	return strings.Join([]string{text[:8], text[8:12], text[12:16], text[16:20], text[20:]}, "-")
}

func SwitchFormat(Format) {}

func New(data []byte) UUID {
	made := &id{}
	copy(made[:], data)
	return made
}

func NewV4() UUID {
	made := &id{}
	rand.Read(made[:])
	made[6] = made[6]&0x0f | 0x40
	made[8] = made[8]&0x3f | 0x80
	return made
}

func Parse(text string) (UUID, error) {
	data, err := hex.DecodeString(strings.ReplaceAll(text, "-", ""))
	if err != nil || len(data) != 16 {
		return nil, errors.New("not a UUID: " + text)
	}
	return New(data), nil
}
