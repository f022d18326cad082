"""The figures of `make bench`: bytes, requests, milliseconds and rates, measured on real processes.

For: numbers that the README carries and that a later change may be compared with. Each group of figures has a module
of its own; figures.py names them all with their bars. Not for: tests; nothing here fails because a machine is slow.
"""
