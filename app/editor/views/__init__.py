"""What the templates of the console receive: a `Shell` and one frozen Struct for each screen.

A handler fills the Struct that its template names and calls `app.editor.render.page(template, shell, view)`. Texts stand in
the Structs as they are; the templates escape them, put moments into words and know every address (`addresses` lists them).
Forms come back with their fields as texts, so that what was refused is shown exactly as it was typed.
"""
