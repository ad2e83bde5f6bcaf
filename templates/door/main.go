// Caddy with its standard modules, and with Route53 for DNS-01: the door of a stack with topology: single.
package main

import (
	caddycmd "github.com/caddyserver/caddy/v2/cmd"

	// The modules themselves.
	_ "github.com/caddy-dns/route53"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
)

func main() {
	caddycmd.Main()
}
