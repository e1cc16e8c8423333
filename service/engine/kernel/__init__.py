"""The kernel: one class per BPMN element, executed by SpiffWorkflow 3.2.0 without a single global patch.

The library parses BPMN, holds the spec graph, the instance containers and the task life cycle
(`Task.run → TaskSpec._run → _run_hook → Task.complete → TaskSpec._on_complete`). What an element means is ours, and so
is the rule that the task tree is the scope tree: scope → live token → boundary subscription or loop instance.
Finished tokens leave at once; history is emitted, never stored.
"""

from __future__ import annotations

import logging

# Below WARNING the library attaches all task data to every log record: a leak of personal data.
for _name in ("spiff", "spiff.task", "spiff.workflow"):
    logging.getLogger(_name).setLevel(logging.WARNING)
