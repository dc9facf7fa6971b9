"""What ``GET /stand-in/dump`` tells, one module for related services."""
