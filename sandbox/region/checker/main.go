// Health checks that HAProxy cannot make: in HTTP/2 without TLS, and as calls of gRPC, whose code comes in the trailers. HAProxy asks this
// program in HTTP/1.1 in place of the target.
// Usage: check-engine RUNTIME_SOCKET [ADDRESS]
package main

import (
	"net/http"
	"os"
	"time"

	"infer-deploy/sandbox/engine"
)

const (
	defaultAddress = "127.0.0.1:9020"
	// HAProxy checks the engine every second as long as a target group needs it. Without a check nobody does.
	idleLimit = 15 * time.Second
)

func main() {
	listener := engine.Listen("check-engine RUNTIME_SOCKET [ADDRESS]", 1, defaultAddress)
	var use engine.Use
	use.EndWhenIdle(idleLimit)
	handler := newChecker(findServer(os.Args[1]))
	engine.ExitOn(http.Serve(listener, http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		use.Touch()
		handler(answer, request)
	})))
}
