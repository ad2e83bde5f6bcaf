module infer-deploy/sandbox/authority

go 1.26.0

require (
	github.com/letsencrypt/pebble/v2 v2.10.1
	github.com/miekg/dns v1.1.62
	golang.org/x/crypto v0.59.0
)

require (
	github.com/go-jose/go-jose/v4 v4.1.4 // indirect
	github.com/letsencrypt/challtestsrv v1.4.2 // indirect
	golang.org/x/mod v0.24.0 // indirect
	golang.org/x/net v0.62.0 // indirect
	golang.org/x/sync v0.14.0 // indirect
	golang.org/x/sys v0.50.0 // indirect
	golang.org/x/tools v0.33.0 // indirect
)

require infer-deploy/sandbox/engine v0.0.0

replace infer-deploy/sandbox/engine => ../engine
