"""Lianban (联办): BPMN-driven orchestration for administrative service centres."""

__version__ = "0.1.0"
