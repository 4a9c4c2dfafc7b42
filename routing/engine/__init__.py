"""Exact shortest path algorithms on directed graphs in whole milliseconds.

Nothing here knows roads. A vertex v costs `vertex_ms[v]` to pass and an arc `delay_ms` on top; the
label of a vertex is the time at which one stands at its start. A graph of junctions is the special
case of vertices that cost nothing. Times are int32 and `INFINITE_MS` or more means no way.
"""
