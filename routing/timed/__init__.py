"""Search where times change while one drives."""
