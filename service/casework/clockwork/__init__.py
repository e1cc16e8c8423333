"""Time inside a case: what its diagrams say of it, its clocks as rows, what they answer the engine, when they turn next."""
