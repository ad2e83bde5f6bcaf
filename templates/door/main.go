// Caddy with its standard modules: the door of a stack with topology: single.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"

	// The modules themselves.
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

func main() {
	caddycmd.Main()
}
