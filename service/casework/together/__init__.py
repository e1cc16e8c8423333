"""加签 and 会签: several people's opinions under one task, which completes when the policy is satisfied.

The engine knows nothing of rounds at a single task: it stays open and its clock goes on. `casework/countersigning.py` is what
the doors call; docs/processes.md, 会签.
"""
