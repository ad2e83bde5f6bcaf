module infer-deploy/sandbox/checker

go 1.26

require infer-deploy/sandbox/engine v0.0.0

replace infer-deploy/sandbox/engine => ../engine
