"""How posts, tags, bylines and menus return to an earlier state when a whole act is undone."""
