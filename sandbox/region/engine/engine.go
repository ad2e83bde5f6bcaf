// Package engine is how a program next to the load balancer begins and ends: HAProxy's entry starts it again and again, and its checks keep it.
package engine

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// Listen opens the address that follows the usage's words on the command line, or the default. The port is the lock: a second engine ends at once.
func Listen(usage string, words int, defaultAddress string) net.Listener {
	if len(os.Args) <= words {
		fmt.Fprintln(os.Stderr, "usage:", usage)
		os.Exit(64)
	}
	address := defaultAddress
	if len(os.Args) > words+1 {
		address = os.Args[words+1]
	}
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		os.Exit(0)
	}
	ExitOn(err)
	return listener
}

// ExitOn ends the program when there is an error.
func ExitOn(err error) {
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", os.Args[0], err)
		os.Exit(1)
	}
}

// Use is when the engine was used last.
type Use struct{ last atomic.Int64 }

// Touch says that it is used now.
func (u *Use) Touch() { u.last.Store(time.Now().UnixNano()) }

// EndWhenIdle counts from now on, and ends the program once nobody has used it for the limit.
func (u *Use) EndWhenIdle(limit time.Duration) {
	u.Touch()
	go func() {
		for range time.Tick(time.Second) {
			if time.Since(time.Unix(0, u.last.Load())) > limit {
				os.Exit(0)
			}
		}
	}()
}
