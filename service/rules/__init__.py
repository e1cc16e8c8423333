"""Rules know time, people and paper, and know neither BPMN nor SQL. Standard library only, pure functions."""
