"""What a student's code meets where it is graded. Nothing here knows an answer.

`runner` runs the cells and answers probes; `silent` stands in for whatever draws or isn't there;
`package` is the `gdtutor` that a notebook can import. The grader copies these files, and those
few of gdtutor's own that exercises use, into the sandbox (see `stage`). Only `frames` is used outside.
"""
