"""The doors: HTTP, live stream, command line, and the demo driver (an HTTP client only)."""
