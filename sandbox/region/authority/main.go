// The region's certificate authority: Pebble, Let's Encrypt's test server, in one process with the DNS by which it validates.
// Usage: authority-engine CONFIGURATION_FOLDER ROOTS_FOLDER [ADDRESS]
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"infer-deploy/sandbox/engine"
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
	listener := engine.Listen("authority-engine CONFIGURATION_FOLDER ROOTS_FOLDER [ADDRESS]", 2, defaultAddress)
	folder, roots := os.Args[1], os.Args[2]
	names, err := net.Listen("tcp", dnsPort)
	engine.ExitOn(err)
	packets, err := net.ListenPacket("udp", dnsPort)
	engine.ExitOn(err)
	go func() { engine.ExitOn(serveNames(filepath.Join(folder, "names.json"), names, packets)) }()
	one := newAuthority(dnsAddress, httpPort, tlsPort, keepRoots(roots))
	server := &server{authority: one, settingsFile: filepath.Join(folder, "authority.json")}
	engine.ExitOn(one.apply(settings{}))
	server.readSettings()
	go server.followSettings()
	server.use.EndWhenIdle(idleLimit)
	engine.ExitOn(http.Serve(listener, server))
}

// server answers the load balancer's check itself and gives everything else to Pebble.
type server struct {
	authority    *authority
	settingsFile string
	use          engine.Use
}

func (s *server) ServeHTTP(answer http.ResponseWriter, request *http.Request) {
	if request.URL.Path == "/_check" {
		s.use.Touch()
		return
	}
	s.authority.handler().ServeHTTP(answer, request)
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
	engine.ExitOn(s.authority.apply(settings))
}
