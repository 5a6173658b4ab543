"""RFC 7643 and RFC 7644 in plain Python: no Django, no clock, no I/O."""
