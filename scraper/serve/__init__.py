"""`kliping serve`: the archive as web pages, on Datasette (extra `[serve]`).

`plugin` is Datasette's entry point ("datasette"); `app` creates and runs the server; `views` are the pages; what they
draw and phrase (`charts`, `messages`, `cite`, `feed`) is pure.
"""
