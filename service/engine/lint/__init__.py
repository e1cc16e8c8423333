"""What is wrong with uploaded files, with rule, line and element; nothing that BPMN means is lost in silence."""
