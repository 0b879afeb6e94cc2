"""The local page: paste a text, see the book as it will be, settle the doubts, download it.

    guard      who may ask: the token, the host, the origin, how much
    desk       the texts under work, each in a folder of its own
    settling   a doubt and an answer to it, as a glossary row
    workshop   what is made of a text: the preview, doubts, pairs, levels, outputs
    app        the routes, for Starlette

Needs the extra `web`. Nothing is kept: what was made is downloaded, the rest goes with the process.
"""
