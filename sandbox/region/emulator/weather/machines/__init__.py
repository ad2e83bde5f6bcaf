"""Conditions that act outside of the emulator: the controller reads from /_sandbox/weather which of them are on."""
