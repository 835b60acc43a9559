"""How products, categories and custom fields return to an earlier state when a whole act is undone."""
