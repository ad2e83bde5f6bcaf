module infer-deploy/sandbox/engine

go 1.25.0
