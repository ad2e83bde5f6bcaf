module infer-deploy/sandbox/checker

go 1.26
