"""Materials (申报材料): the checklist of every item in a case, what was handed in, what is reused, and who has seen it."""
