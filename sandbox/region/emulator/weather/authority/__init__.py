"""Conditions of the certificate authority: the controller reads from /_sandbox/weather which of them are on, and sets it up so."""
