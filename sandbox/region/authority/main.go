// The region's certificate authority: Pebble, Let's Encrypt's test server, in one process with the DNS by which it validates.
// Usage: authority-engine CONFIGURATION_FOLDER ROOTS_FOLDER [ADDRESS]
package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	defaultAddress = "127.0.0.1:14000"
	// Instances ask here, too: their VPC's resolver leads to it.
	dnsPort    = ":8053"
	dnsAddress = "127.0.0.1" + dnsPort
	// HAProxy checks the authority every second as long as the region has a use for it.
	idleLimit = 60 * time.Second
	// On an instance these are the ports of Let's Encrypt's requests.
	httpPort, tlsPort = 80, 443
)

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: authority-engine CONFIGURATION_FOLDER ROOTS_FOLDER [ADDRESS]")
		os.Exit(64)
	}
	address := defaultAddress
	if len(os.Args) > 3 {
		address = os.Args[3]
	}
	// The port is the lock: a second authority ends at once.
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return
	}
	exitOn(err)
	folder, roots := os.Args[1], os.Args[2]
	names, err := net.Listen("tcp", dnsPort)
	exitOn(err)
	packets, err := net.ListenPacket("udp", dnsPort)
	exitOn(err)
	go func() { exitOn(serveNames(filepath.Join(folder, "names.json"), names, packets)) }()
	one := newAuthority(dnsAddress, httpPort, tlsPort, keepRoots(roots))
	server := &server{authority: one, settingsFile: filepath.Join(folder, "authority.json")}
	exitOn(one.apply(settings{}))
	server.readSettings()
	server.touch()
	go server.followSettings()
	go server.endWhenIdle()
	exitOn(http.Serve(listener, server))
}

// server answers the load balancer's check itself and gives everything else to Pebble.
type server struct {
	authority    *authority
	settingsFile string
	used         atomic.Int64
}

func (s *server) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	if request.URL.Path == "/_check" {
		s.touch()
		return
	}
	s.authority.handler().ServeHTTP(answer, request)
}

func (s *server) touch() { s.used.Store(time.Now().UnixNano()) }

func (s *server) endWhenIdle() {
	for range time.Tick(time.Second) {
		if time.Since(time.Unix(0, s.used.Load())) > idleLimit {
			os.Exit(0)
		}
	}
}

func (s *server) followSettings() {
	for range time.Tick(200 * time.Millisecond) {
		s.readSettings()
	}
}

// readSettings keeps the settings that it has when the file cannot be read.
func (s *server) readSettings() {
	settings, err := readSettings(s.settingsFile)
	if err != nil {
		fmt.Fprintln(os.Stderr, "authority-engine:", err)
		return
	}
	exitOn(s.authority.apply(settings))
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "authority-engine:", err)
		os.Exit(1)
	}
}
