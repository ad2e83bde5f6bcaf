package main

import (
	"encoding/json"
	"errors"
	"io/fs"
	"log"
	"net/http"
	"os"
	"strconv"
	"sync"
	"sync/atomic"

	"github.com/letsencrypt/pebble/v2/ca"
	"github.com/letsencrypt/pebble/v2/db"
	"github.com/letsencrypt/pebble/v2/va"
	"github.com/letsencrypt/pebble/v2/wfe"
)

// settings come from the region's weather.
type settings struct {
	// How long a certificate is valid; 0 is Pebble's default, 90 days.
	CertificateSeconds uint64 `json:"certificate_seconds"`
	// The share of good nonces that are refused.
	BadNoncePercent int `json:"bad_nonce_percent"`
	// A validation takes a random time up to this.
	SlowSeconds int `json:"slow_seconds"`
}

// authority is Pebble with settings that change while it runs. Accounts, orders and certificates stay, which a restart would lose.
type authority struct {
	resolver          string
	httpPort, tlsPort int
	keep              func(certificateSeconds uint64, root []byte) error

	mutex    sync.Mutex
	applied  *settings
	store    *db.MemoryStore
	issuers  map[uint64]*ca.CAImpl
	log      *log.Logger
	frontEnd atomic.Pointer[http.Handler]
}

func newAuthority(resolver string, httpPort, tlsPort int, keep func(uint64, []byte) error) *authority {
	return &authority{
		resolver: resolver, httpPort: httpPort, tlsPort: tlsPort, keep: keep,
		store: db.NewMemoryStore(), issuers: map[uint64]*ca.CAImpl{}, log: log.New(os.Stdout, "authority ", 0),
	}
}

func (a *authority) handler() http.Handler { return *a.frontEnd.Load() }

// apply makes new settings count for the next request. Pebble reads most of them from its environment, once.
func (a *authority) apply(wanted settings) error {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	if a.applied != nil && *a.applied == wanted {
		return nil
	}
	issuer, err := a.issuer(wanted.CertificateSeconds)
	if err != nil {
		return err
	}
	for name, value := range environment(wanted) {
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	validation := va.New(a.log, a.httpPort, a.tlsPort, false, a.resolver, a.store)
	front := wfe.New(a.log, a.store, validation, issuer, []string{"letsencrypt.org"}, false, false, retrySeconds, retrySeconds)
	handler := front.Handler()
	a.frontEnd.Store(&handler)
	a.applied = &wanted
	return nil
}

// issuer makes a root of its own for each validity, because Pebble's belongs to the issuer.
func (a *authority) issuer(certificateSeconds uint64) (*ca.CAImpl, error) {
	if found, ok := a.issuers[certificateSeconds]; ok {
		return found, nil
	}
	profiles := map[string]ca.Profile{
		"classic": {Description: "The profile that Let's Encrypt uses by default", PromoteCommonName: true, ValidityPeriod: certificateSeconds},
	}
	made := ca.New(a.log, a.store, "", "ecdsa", 0, 1, profiles)
	a.issuers[certificateSeconds] = made
	return made, a.keep(certificateSeconds, made.GetRootCert(0).PEM())
}

func environment(wanted settings) map[string]string {
	return map[string]string{
		"PEBBLE_WFE_NONCEREJECT": strconv.Itoa(wanted.BadNoncePercent),
		"PEBBLE_VA_NOSLEEP":      map[bool]string{true: "1", false: "0"}[wanted.SlowSeconds == 0],
		"PEBBLE_VA_SLEEPTIME":    strconv.Itoa(wanted.SlowSeconds),
		// Every order is validated, so that a rehearsal of a renewal shows whether the name still leads here.
		"PEBBLE_AUTHZREUSE": "0",
	}
}

// readSettings returns the defaults for a file that does not exist.
func readSettings(file string) (settings, error) {
	var found settings
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return found, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &found)
	}
	return found, err
}

// How long a client is told to wait before it asks for an order or an authorization again.
const retrySeconds = 1
