"""How long a check takes: for every question, a right answer and one that matches no mistake.

    python benchmarks/checks.py

The peer is the check of a right answer in the same run. A wrong one is compared with every mistake
that is listed, each as far as the first reply that differs.
"""

import time

from gdtutor import questions
from gdtutor.check.calls import answer
from gdtutor.check.judge import judge
from gdtutor.check.question import ValueQuestion


def milliseconds(run, repeat=5):
    """Return the shortest of some runs, in ms."""
    times = []
    for _ in range(repeat):
        begin = time.perf_counter()
        run()
        times.append(1000 * (time.perf_counter() - begin))
    return min(times)


def main():
    """Print a line for every question, the slowest first."""
    rows = []
    for name in questions.__all__:
        for question in getattr(questions, name).questions.values():
            wrong = "?" if isinstance(question, ValueQuestion) else lambda *_, **__: "?"

            def check(code, question=question):
                return judge(question, lambda probe: answer(probe, {question.name: code}))

            right = milliseconds(lambda q=question, check=check: check(q.reference))
            missed = milliseconds(lambda wrong=wrong, check=check: check(wrong))
            rows.append((missed, right, f"{name}.{question.name}", len(question.mistakes)))
    print(
        f"{'question':45} {'mistakes':>8} {'right, ms':>10} {'unknown wrong, ms':>18} {'ratio':>6}"
    )
    for missed, right, name, n in sorted(rows, reverse=True):
        print(f"{name:45} {n:8} {right:10.1f} {missed:18.1f} {missed / right:6.1f}")


if __name__ == "__main__":
    main()
