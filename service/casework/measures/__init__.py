"""配套流程 (SP-02, 07, 10, 12, 13, 17, 18, 19): how each begins, what its desks are checked for, and its acts (docs/support_acts.md)."""
