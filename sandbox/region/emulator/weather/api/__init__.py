"""Conditions that act on a call to the AWS API."""
