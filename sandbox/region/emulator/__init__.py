"""An AWS region in one process: moto's server, with what moto lacks or answers differently from AWS."""
