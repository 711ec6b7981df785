"""How fast is the engine, against peers in the same run?

    python benchmarks/engine.py

Prints ratios of the times of two things measured in turn, the best of several rounds each, so that a
busy machine hurts both alike. PyTorch and optax are peers where they are installed.
"""

import compileall
import importlib.util
import pathlib
import subprocess
import sys
import time
import tracemalloc

import numpy as np

import gdtutor
from gdtutor import adam, descend, gd, momentum
from gdtutor.landscapes import rosenbrock

START = np.array([-1.2, 1.0])


def times(one, other, rounds=15):
    """Return the best time of each of two functions, called in turn."""
    best = [np.inf, np.inf]
    for _ in range(rounds):
        for i, function in enumerate((one, other)):
            begin = time.perf_counter()
            function()
            best[i] = min(best[i], time.perf_counter() - begin)
    return best


def report(what, one, other, target):
    """Print a line: what was measured, the ratio, and what it should be."""
    print(f"{what:64s} {one / other:6.2f}   {target}")


def importing():
    """Time `import gdtutor` against `import numpy`, in fresh processes, both compiled beforehand."""
    compileall.compile_dir(pathlib.Path(gdtutor.__file__).parent, quiet=1)

    def run(module):
        code = (
            f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        )
        printed = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True
        )
        return float(printed.stdout)

    pairs = np.array([(run("gdtutor"), run("numpy")) for _ in range(15)])
    report("import gdtutor / import numpy", *np.min(pairs, axis=0), "at most 1.25")


def by_hand_gd(steps, lr=1e-3):
    """Gradient descent as one would write it without the package."""
    x = START.copy()
    path = np.empty((steps + 1, 2))
    path[0] = x
    for t in range(1, steps + 1):
        x = x - lr * rosenbrock.grad(x)
        path[t] = x
    return (path,)


def by_hand_momentum(steps, lr=1e-3, beta=0.9):
    """Momentum, likewise."""
    x, v = START.copy(), np.zeros(2)
    path, velocity = np.empty((steps + 1, 2)), np.empty((steps + 1, 2))
    path[0], velocity[0] = x, v
    for t in range(1, steps + 1):
        v = beta * v + rosenbrock.grad(x)
        x = x - lr * v
        path[t], velocity[t] = x, v
    return path, velocity


def by_hand_adam(steps, lr=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    """Adam, likewise."""
    x, m, v = START.copy(), np.zeros(2), np.zeros(2)
    path, first, second = (
        np.empty((steps + 1, 2)),
        np.empty((steps + 1, 2)),
        np.empty((steps + 1, 2)),
    )
    path[0], first[0], second[0] = x, m, v
    for t in range(1, steps + 1):
        g = rosenbrock.grad(x)
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        x = x - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        path[t], first[t], second[t] = x, m, v
    return path, first, second


def one_start(steps=2000):
    """Time `descend` on one start against loops by hand that record as much."""
    for opt, by_hand in [(gd, by_hand_gd), (momentum, by_hand_momentum), (adam, by_hand_adam)]:
        path = descend(rosenbrock, START, opt(lr=1e-3), 50)
        assert np.array_equal(path.x, by_hand(50)[0])
        ours, theirs = times(
            lambda opt=opt: descend(rosenbrock, START, opt(lr=1e-3), steps),
            lambda by_hand=by_hand: by_hand(steps),
        )
        report(f"one start, {steps} steps of {opt.name}: descend / loop by hand", ours, theirs,
               "at most 1.3")  # fmt: skip


def many_starts(starts=1_000_000, steps=50):
    """Time a million starts against a plain NumPy loop, and against PyTorch."""
    x0 = np.random.default_rng(0).uniform((-2, -1), (2, 3), (starts, 2))

    def ours():
        return descend(rosenbrock, x0, adam(lr=0.01), steps, every=steps).end

    def plain(x=x0, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        m = v = 0
        for t in range(1, steps + 1):
            g = rosenbrock.grad(x)
            m = beta1 * m + (1 - beta1) * g
            v = beta2 * v + (1 - beta2) * g**2
            x = x - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
        return x

    what = f"{starts:,} starts x {steps} steps of Adam: descend / "
    report(what + "plain NumPy loop", *times(ours, plain, 3), "below 1")
    tracemalloc.start()
    ours()
    peak = tracemalloc.get_traced_memory()[1] / x0.nbytes
    tracemalloc.stop()
    print(f"{'its peak of memory, in sizes of the array of starts':64s} {peak:6.2f}   bounded")

    if importlib.util.find_spec("torch") is None:
        return print("PyTorch isn't installed: no comparison with it.")
    import torch

    def with_torch():
        p = torch.tensor(x0, requires_grad=True)
        optimizer = torch.optim.Adam([p], lr=0.01)
        for _ in range(steps):
            optimizer.zero_grad()
            x, y = p[:, 0], p[:, 1]
            ((1 - x) ** 2 + 100 * (y - x * x) ** 2).sum().backward()
            optimizer.step()
        return p.detach().numpy()

    assert np.allclose(ours(), with_torch(), rtol=1e-6, atol=1e-9)
    report(what + "PyTorch with autograd", *times(ours, with_torch, 3), "at most 1")
    return None


def sweep(lrs=500, steps=500):
    """Time a sweep over learning rates against a run for each."""
    values = np.logspace(-5, -3, lrs)

    def ours():
        return descend(rosenbrock, START, adam(lr=values[:, None]), steps)

    def one_by_one():
        return [descend(rosenbrock, START, adam(lr=lr), steps) for lr in values]

    together, apart = times(ours, one_by_one, 2)
    report(f"{lrs} learning rates x {steps} steps: one sweep / {lrs} runs", together, apart,
           f"({1e3 * together:.0f} ms here)")  # fmt: skip


def against_optax(steps=2000):
    """Time a run against optax, compiled step by step."""
    if importlib.util.find_spec("optax") is None:
        return print("optax isn't installed: no comparison with it.")
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    rule = optax.adam(1e-3)
    gradient = jax.grad(lambda p: (1 - p[0]) ** 2 + 100 * (p[1] - p[0] ** 2) ** 2)

    @jax.jit
    def step(p, state):
        updates, state = rule.update(gradient(p), state)
        return optax.apply_updates(p, updates), state

    def with_optax():
        p, state = jax.numpy.array(START), rule.init(jax.numpy.array(START))
        path = [p]
        for _ in range(steps):
            p, state = step(p, state)
            path.append(p)
        return np.array(path)

    with_optax()
    ours, theirs = times(lambda: descend(rosenbrock, START, adam(lr=1e-3), steps), with_optax, 5)
    report(f"one start, {steps} steps of Adam: descend / optax, jitted step", ours, theirs, "")
    return None


if __name__ == "__main__":
    print(f"{'what':64s} {'ratio':>6s}   should be")
    importing()
    one_start()
    many_starts()
    sweep()
    against_optax()
