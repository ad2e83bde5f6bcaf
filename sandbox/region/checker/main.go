// Health checks that HAProxy cannot make: in HTTP/2 without TLS, and as calls of gRPC, whose code comes in the trailers. HAProxy asks this
// program in HTTP/1.1 in place of the target.
// Usage: check-engine RUNTIME_SOCKET [ADDRESS]
package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

const (
	defaultAddress = "127.0.0.1:9020"
	// HAProxy checks the engine every second as long as a target group needs it. Without a check nobody does.
	idleLimit = 15 * time.Second
)

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: check-engine RUNTIME_SOCKET [ADDRESS]")
		os.Exit(64)
	}
	address := defaultAddress
	if len(os.Args) > 2 {
		address = os.Args[2]
	}
	// The port is the lock: a second engine ends at once.
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var used atomic.Int64
	used.Store(time.Now().UnixNano())
	go func() {
		for range time.Tick(time.Second) {
			if time.Since(time.Unix(0, used.Load())) > idleLimit {
				os.Exit(0)
			}
		}
	}()
	handler := newChecker(findServer(os.Args[1]))
	fmt.Fprintln(os.Stderr, http.Serve(listener, http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		used.Store(time.Now().UnixNano())
		handler(answer, request)
	})))
}
