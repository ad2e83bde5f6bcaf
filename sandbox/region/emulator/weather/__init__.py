"""Conditions that AWS has and an emulator has not, switched on by name: docs/reference/sandbox.md lists them."""
