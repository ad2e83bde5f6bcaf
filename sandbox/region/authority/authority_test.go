package main

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/miekg/dns"
	"golang.org/x/crypto/acme"
)

var here = publicNames{Addresses: map[string][]string{"api.example.com": {"127.0.0.1"}}, Zones: []string{"example.com"}}

// world is the authority with a client that has an account, and the client's answers to HTTP-01. resolver: where the DNS answers over UDP.
type world struct {
	test     *testing.T
	folder   string
	client   *acme.Client
	answered map[string]string
	resolver string
	server   *server
}

func start(test *testing.T) *world {
	test.Helper()
	one := &world{test: test, folder: test.TempDir(), answered: map[string]string{}}
	challenges := httptest.NewServer(http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		fmt.Fprint(answer, one.answered[request.URL.Path])
	}))
	names, err := net.Listen("tcp", "127.0.0.1:0")
	must(test, err)
	packets, err := net.ListenPacket("udp", "127.0.0.1:0")
	must(test, err)
	one.resolver = packets.LocalAddr().String()
	go serveNames(filepath.Join(one.folder, "names.json"), names, packets)
	authority := newAuthority(names.Addr().String(), challenges.Listener.Addr().(*net.TCPAddr).Port, 1, keepRoots(one.folder))
	one.server = &server{authority: authority, settingsFile: filepath.Join(one.folder, "authority.json")}
	one.server.readSettings()
	front := httptest.NewTLSServer(one.server)
	test.Cleanup(func() { front.Close(); challenges.Close(); names.Close(); packets.Close() })
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(test, err)
	one.client = &acme.Client{Key: key, HTTPClient: front.Client(), DirectoryURL: front.URL + "/dir"}
	_, err = one.client.Register(context.Background(), &acme.Account{}, acme.AcceptTOS)
	must(test, err)
	return one
}

// order returns the chain for a name after HTTP-01.
func (w *world) order(name string) ([]*x509.Certificate, error) {
	return w.orderBy("http-01", name)
}

func (w *world) orderBy(kind, name string) ([]*x509.Certificate, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	order, err := w.client.AuthorizeOrder(ctx, acme.DomainIDs(name))
	if err != nil {
		return nil, err
	}
	for _, url := range order.AuthzURLs {
		if err := w.prove(ctx, kind, url); err != nil {
			return nil, err
		}
	}
	// Pebble makes the certificate after its answer, in which this client misses the order's address.
	_, _, _ = w.client.CreateOrderCert(ctx, order.FinalizeURL, request(w.test, name), true)
	done, err := w.client.WaitOrder(ctx, order.URI)
	if err != nil {
		return nil, err
	}
	chain, err := w.client.FetchCert(ctx, done.CertURL, true)
	if err != nil {
		return nil, err
	}
	var parsed []*x509.Certificate
	for _, der := range chain {
		one, err := x509.ParseCertificate(der)
		must(w.test, err)
		parsed = append(parsed, one)
	}
	return parsed, nil
}

func (w *world) prove(ctx context.Context, kind, url string) error {
	authorization, err := w.client.GetAuthorization(ctx, url)
	if err != nil {
		return err
	}
	for _, challenge := range authorization.Challenges {
		if challenge.Type != kind {
			continue
		}
		proof, err := w.client.HTTP01ChallengeResponse(challenge.Token)
		must(w.test, err)
		w.answered[w.client.HTTP01ChallengePath(challenge.Token)] = proof
		if kind == "dns-01" {
			record, err := w.client.DNS01ChallengeRecord(challenge.Token)
			must(w.test, err)
			// As late as the controller is.
			time.AfterFunc(time.Second, func() {
				w.write("names.json", publicNames{Texts: map[string][]string{"_acme-challenge." + authorization.Identifier.Value: {record}}})
			})
		}
		if _, err := w.client.Accept(ctx, challenge); err != nil {
			return err
		}
	}
	_, err = w.client.WaitAuthorization(ctx, url)
	return err
}

func (w *world) write(file string, value any) {
	text, err := json.Marshal(value)
	must(w.test, err)
	must(w.test, os.WriteFile(filepath.Join(w.folder, file), text, 0o600))
}

func (w *world) trusts(chain []*x509.Certificate, rootsFile, name string) error {
	text, err := os.ReadFile(filepath.Join(w.folder, rootsFile))
	must(w.test, err)
	block, _ := pem.Decode(text)
	root, err := x509.ParseCertificate(block.Bytes)
	must(w.test, err)
	roots, between := x509.NewCertPool(), x509.NewCertPool()
	roots.AddCert(root)
	for _, one := range chain[1:] {
		between.AddCert(one)
	}
	_, err = chain[0].Verify(x509.VerifyOptions{DNSName: name, Roots: roots, Intermediates: between})
	return err
}

func request(test *testing.T, name string) []byte {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(test, err)
	made, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{DNSNames: []string{name}}, crypto.Signer(key))
	must(test, err)
	return made
}

func must(test *testing.T, err error) {
	test.Helper()
	if err != nil {
		test.Fatal(err)
	}
}

func TestANameThatLeadsHereGetsACertificateThatTheRootsVerify(t *testing.T) {
	one := start(t)
	one.write("names.json", here)
	chain, err := one.order("api.example.com")
	must(t, err)
	must(t, one.trusts(chain, "roots-0.pem", "api.example.com"))
	if valid := time.Until(chain[0].NotAfter); valid < 89*24*time.Hour {
		t.Errorf("valid for %s", valid)
	}
}

func TestARecordInTheZoneProvesANameThatLeadsNowhere(t *testing.T) {
	one := start(t)
	_, err := one.orderBy("dns-01", "api.example.com")
	must(t, err)
}

func TestTheStartOfAZoneIsFoundOverUDP(t *testing.T) {
	one := start(t)
	one.write("names.json", here)
	ask := func(name string) *dns.Msg {
		answer, _, err := new(dns.Client).Exchange(new(dns.Msg).SetQuestion(name, dns.TypeSOA), one.resolver)
		must(t, err)
		return answer
	}
	if found := ask("_acme-challenge.api.example.com."); found.Rcode != dns.RcodeNameError {
		t.Errorf("%s", found)
	}
	if found := ask("api.example.com."); found.Rcode != dns.RcodeSuccess || len(found.Answer) != 0 {
		t.Errorf("%s", found)
	}
	if found := ask("Example.com."); len(found.Answer) != 1 {
		t.Errorf("%s", found)
	}
}

func TestANameThatNobodyHasGetsNone(t *testing.T) {
	one := start(t)
	_, err := one.order("api.example.com")
	var refused *acme.AuthorizationError
	if !errors.As(err, &refused) {
		t.Fatalf("%v", err)
	}
}

func TestNewSettingsCountForTheNextCertificateOfTheSameAccount(t *testing.T) {
	one := start(t)
	one.write("names.json", here)
	one.write("authority.json", map[string]int{"certificate_seconds": 120})
	one.server.readSettings()
	chain, err := one.order("api.example.com")
	must(t, err)
	if valid := time.Until(chain[0].NotAfter); valid > 2*time.Minute {
		t.Errorf("valid for %s", valid)
	}
	must(t, one.trusts(chain, "roots-120.pem", "api.example.com"))
	// Back to the first settings, with the first root.
	one.write("authority.json", map[string]int{})
	one.server.readSettings()
	chain, err = one.order("api.example.com")
	must(t, err)
	must(t, one.trusts(chain, "roots-0.pem", "api.example.com"))
}

func TestBadNoncesAreRefusedAndTriedAgain(t *testing.T) {
	one := start(t)
	one.write("names.json", here)
	one.write("authority.json", map[string]int{"bad_nonce_percent": 99})
	one.server.readSettings()
	one.client.RetryBackoff = func(int, *http.Request, *http.Response) time.Duration { return 0 }
	if _, err := one.order("api.example.com"); err == nil {
		t.Fatal("nearly every nonce was refused, and a client that never tries again got a certificate")
	}
}
