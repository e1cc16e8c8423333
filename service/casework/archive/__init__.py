"""只读存档: at its end every item and chain is sealed into a package that is chained, kept and never changed (SM-39, SM-40, SM-42)."""
