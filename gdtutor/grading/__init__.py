"""Grading notebooks of strangers' code: safely, fast, exactly.

    gdtutor grade SUBMISSIONS --out GRADES

`ingest` finds out who handed in what; `examine` has a notebook's cells run in a `sandbox`, asks the
code there by probes, and judges the replies here; `engine` does that for a class; `gradebook`,
`feedback` and their neighbours write down what came of it. Data flow one way:

    files → Submission → (sandbox ⇄ probes) → result → gradebook, feedback, class report

Nothing in this room trusts what a student wrote, and no student's code runs in it.
"""
