"""A BPMN diagram as a picture: SVG made from its own drawing, for pages with many diagrams and for print."""

from service.engine.picture.drawing import picture

__all__ = ["picture"]
