"""The statutory clock in running cases: how limits become rows, timers and consequences (docs/clocks.md)."""
