"""Elastic Load Balancing, and the DNS records that lead to load balancers."""
