"""Charts as geometry: numbers in, places out, with one sentence that says what is to be seen.

No database and no HTTP. Templates draw what these modules place, on the page and in the file alike.
"""
