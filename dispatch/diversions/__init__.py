"""Crews that are asked to leave a lesser call for a more urgent one."""
