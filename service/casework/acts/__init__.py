"""What diagrams ask for beside tasks: documents, messages, bills …, how it is asked, done once, and carried out of the house.

This room is the mechanism. The acts themselves stand in the rooms of their subjects and are listed in `casework.act_book`.
"""
