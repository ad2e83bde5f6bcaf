"""An AWS region in one process: moto's server, patched where moto lacks something or differs from AWS."""
