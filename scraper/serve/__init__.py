"""`kliping serve`: the archive as web pages, on Datasette (extra `[serve]`).

`plugin` is Datasette's way in (entry point "datasette"); `app` makes and runs
the server; `views` are the pages; everything they draw and word (`charts`,
`messages`, `cite`, `feed`) is pure.
"""
