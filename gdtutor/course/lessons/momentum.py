"""Lesson 8: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson
from ..questions import choice, number, right, wrong

momentum = Lesson(
    number=8,
    name="momentum",
    title="Momentum and Nesterov",
    minutes=60,
    story="a heavy sledge, a race down a narrow valley, a look ahead, one idea in three dialects",
    needs=("learning_rates",),
    objectives={
        "implement": "write heavy-ball and Nesterov momentum",
        "accelerate": "explain where the speed comes from, and what it costs",
        "convert": "translate between the ways in which libraries write momentum",
    },
    misconceptions={
        "only-damping": "Momentum does nothing but damp the zigzag across the valley.",
        "more-is-safer": "β = 0.99 is the careful choice: a longer memory makes steadier steps.",
        "effective-lr-stays": "The size of the steps is set by lr; momentum doesn't change it.",
        "effective-lr-limit": "lr/(1 − β) must stay below 2/L, or momentum diverges.",
        "nesterov-renamed": "Nesterov's momentum is momentum under another name.",
        "nesterov-always-better": "Nesterov's is the improved momentum: it is faster everywhere.",
        "loss-must-fall": "If the program is right, the loss falls at every step.",
        "momentum-always-faster": "Momentum is always faster than gradient descent.",
        "smooths-the-noise": "Momentum averages the noise away, so it ends nearer to the minimum.",
        "one-momentum": "The same lr and β mean the same walk in every library.",
        "speed-is-a-factor": "Momentum speeds up every problem by the same factor, 1/(1 − β).",
        "one-step-memory": "Momentum remembers the last step, and nothing before it.",
        "lookahead-by-slope": "Looking ahead means trying a step of gradient descent first.",
        "momentum-beats-kappa": "With momentum the shape of the valley no longer matters.",
        "one-over-l-limit": "1/L is the largest lr that converges.",
        "steep-is-ill": "A steep valley is a badly conditioned one.",
        "floor-is-fixed": "The floor is the noise in the data; no schedule can lower it.",
    },
    words={
        "momentum (β)": "The share of its last step that a walk keeps, from 0 to just below 1; "
        "also the name of the method.",
        "velocity (v)": "What a walk with momentum remembers: all gradients so far added up, "
        "older ones fading.",
        "effective learning rate (lr/(1 − β))": "The lr of gradient descent whose steps are as long, "
        "once a slope has stayed the same for a while.",
        "heavy ball": "Polyak's momentum, of 1964: feel the slope where you stand, "
        "add it to the fading velocity, move.",
        "overshoot": "To arrive at the bottom with speed left, and run up the other side.",
        "Nesterov's momentum": "Momentum that feels the slope where its velocity is about to carry it.",
        "lookahead": "The point x + β·v, where the velocity alone would lead.",
        "running mean (EMA)": "An average in which older values fade, each time by the factor β; "
        "an exponential moving average.",
        "transient growth": "An error that first grows, though every eigenvalue says that it "
        "will shrink in the end.",
    },
    retrieval=(
        number(
            "largest-lr",
            "learning_rates.limit",
            "f(x, y) = ½(x² + 100y²). Gradient descent converges for every lr below a limit. "
            "Which limit?",
            2 / 100,
            "2/L, with L = 100, the largest curvature: there 1 − lr·L is −1, and y bounces for ever.",
            hint="One step multiplies y by 1 − lr·100. When does that have size 1?",
            traps={
                1 / 100: (
                    "At 1/L the steep direction is home in one step. You may go up to twice that: "
                    "beyond 1/L it zigzags, and still shrinks.",
                    "one-over-l-limit",
                ),
                2.0: (
                    "That is the limit of the flat direction, x. One lr serves both, and y, a "
                    "hundred times steeper, would be lost long before.",
                    "flat-way-sets-lr",
                ),
            },
        ),
        choice(
            "worse-valley",
            "learning_rates.condition",
            "Valley A has the curvatures 1 and 100, valley B 50 and 100. Each gets its best lr. Where "
            "does gradient descent need more steps?",
            wrong(
                "in B, which is steeper all over",
                "Steepness alone is no trouble: lr adapts to it. What hurts is *unequal* curvature, "
                "κ = 100/50 = 2 here, and 100 in A.",
                "steep-is-ill",
            ),
            right(
                "in A",
                "κ = 100 there, and 2 in B. The lr that the steep direction allows is far too small "
                "for a direction a hundred times flatter.",
            ),
            wrong(
                "in both alike: the largest curvature decides",
                "The largest curvature decides how large lr may be. How long the walk then takes, the "
                "*smallest* one decides: κ is the largest over the smallest.",
                "kappa-is-largest",
            ),
        ),
        choice(
            "cut-at-the-floor",
            "learning_rates.schedule",
            "Mini-batches, constant lr: the loss falls fast, then hovers above the minimum. Now lr is "
            "cut to a tenth. What happens?",
            right(
                "it falls again, to a lower floor",
                "The height of the floor goes with lr: smaller steps, smaller jumps around the "
                "minimum. That is what the last phase of a schedule is for.",
            ),
            wrong(
                "nothing: noise in the data can't be cut",
                "The noise of a batch stays, but it moves you by lr times as much. A tenth of lr, and "
                "about a tenth of the floor.",
                "floor-is-fixed",
            ),
            wrong(
                "it hovers on, only more slowly",
                "Far from the minimum a smaller lr is slower. At the floor it isn't speed that is "
                "missing: the jumps are too large.",
                "smaller-is-slower",
            ),
        ),
    ),
    predictions=(
        number(
            "push",
            "accelerate",
            "A long even slope: the gradient is 1 at every step. With lr = 0.1 and β = 0.9, how long "
            "does the walk's step become in the end?",
            0.1 / (1 - 0.9),
            "Each step is 0.1 of its own and 0.9 of the last one. That balances at 1, ten times lr.",
            hint="If the step has settled at s, the next one is 0.9·s + 0.1, and that is s again.",
            traps={
                0.1: (
                    "That is the first step. From then on 0.9 of the last step comes on top.",
                    "effective-lr-stays",
                ),
                0.19: (
                    "That is the second step: 0.1 + 0.9 · 0.1. The third keeps 0.9 of *that*, and so "
                    "on.",
                    "one-step-memory",
                ),
            },
        ),
        choice(
            "rises",
            "accelerate",
            "Now a valley with a bottom: f(x) = x², from x = 3, lr = 0.1, β = 0.9. What does the loss "
            "do?",
            wrong(
                "it falls at every step",
                "The slope points downhill, but most of each step is old: at the bottom the walk "
                "still has its speed.",
                "loss-must-fall",
            ),
            wrong(
                "it never settles: lr/(1 − β) is 1, which is 2/L",
                "lr/(1 − β) is for slopes that stay the same. Across the bottom the slope changes "
                "sign, and the sum in v shrinks instead.",
                "effective-lr-limit",
            ),
            right(
                "it falls, rises, falls, rises, …",
                "The walk arrives at the bottom with speed left, and runs up the other side.",
            ),
        ),
        choice(
            "valley",
            "accelerate",
            "A valley with κ = 100, where gradient descent at its best lr takes 691 steps. Momentum at "
            "its best has β = 0.67. How many steps will it take?",
            wrong(
                "about 620: less zigzag, a little faster",
                "The zigzag isn't what costs 691 steps. The long way along the floor is, and there "
                "momentum adds up.",
                "only-damping",
            ),
            right(
                "about 95",
                "Momentum turns κ into √κ: some 7 times fewer steps here.",
            ),
            wrong(
                "about 230: steps are 1/(1 − 0.67) ≈ 3 times as long",
                "It is more than that: momentum also allows a larger lr, and v still holds the larger "
                "slopes of earlier steps. Together: √κ in place of κ.",
                "speed-is-a-factor",
            ),
        ),
        choice(
            "more-beta",
            "accelerate",
            "The same valley, the same lr, but β = 0.99 for 0.67. How many steps now?",
            wrong(
                "95 or fewer: more memory, steadier steps",
                "More memory brakes less. The walk swings through the bottom again and again, and "
                "keeps √0.99 of its swing at each step.",
                "more-is-safer",
            ),
            wrong(
                "none: lr/(1 − β) is 3.3, so it diverges",
                "With momentum lr may be as large as 2(1 + β)/L, which *grows* with β. It doesn't "
                "diverge; it swings.",
                "effective-lr-limit",
            ),
            right(
                "more than 2000",
                "β sets the pace: at most √β per step is left, and √0.99 is 0.995.",
            ),
        ),
        choice(
            "no-zigzag",
            "accelerate",
            "Start on the valley's floor, at (1, 0): no zigzag at all. Gradient descent still takes 691 "
            "steps. And momentum, with its best pair?",
            right(
                "about 80",
                "On the floor all slopes point the same way, and adding them up is all the help "
                "that counts.",
            ),
            wrong(
                "691: there is nothing to damp",
                "Momentum damps *and* adds up. On the floor nothing needs damping, and the gain is as "
                "large as before.",
                "only-damping",
            ),
            wrong(
                "691 · (1 − 0.67), about 230",
                "lr is larger too, 0.033 against 0.020; and as the slope fades, v still holds the "
                "larger slopes of earlier steps.",
                "speed-is-a-factor",
            ),
        ),
        choice(
            "one-word",
            "implement",
            "In the valley heavy ball's best pair, lr = 0.033 and β = 0.67, takes 95 steps. Change one "
            "word: `nesterov` for `momentum`. What happens?",
            wrong(
                "nearly the same path",
                "Where the ground is steep the two differ: Nesterov's feels the slope at another "
                "point, and with it the limit of lr changes.",
                "nesterov-renamed",
            ),
            right(
                "it diverges",
                "Nesterov's limit is 2(1 + β)/((1 + 2β)L) = 0.0143 here, and 0.033 lies beyond it.",
            ),
            wrong(
                "it is faster still",
                "At a pair chosen for it, Nesterov's is fast. This pair was chosen for another rule, and "
                "lies beyond Nesterov's limit.",
                "nesterov-always-better",
            ),
        ),
        choice(
            "lr-cut",
            "convert",
            "The three ways made one path. Now lr is cut to a tenth after 30 steps. Which way parts "
            "from the others?",
            wrong(
                "none: a cut of lr is a cut of lr",
                "Where lr stands in the formula decides what it is a cut *of*: of the whole velocity, "
                "or of the new gradient alone.",
                "one-momentum",
            ),
            wrong(
                "PyTorch's: its velocity isn't cut",
                "Its velocity stays, but lr multiplies all of it on the way to x. The *step* shrinks at "
                "once.",
                "one-momentum",
            ),
            right(
                "Keras's: its velocity keeps the old lr",
                "lr went into v with each gradient. After the cut, v still holds steps of the old "
                "size, and coasts on.",
            ),
        ),
        choice(
            "noise",
            "accelerate",
            "Batches of 16, lr = 0.05. Once the loss has stopped falling, which hovers higher above "
            "the minimum: β = 0 or β = 0.9?",
            wrong(
                "β = 0: momentum averages the noise away",
                "v is a *sum*. Of independent noise it adds up more than it cancels: the floor goes with "
                "lr/(1 − β).",
                "smooths-the-noise",
            ),
            right(
                "β = 0.9",
                "Its effective learning rate is ten times as large, and the floor grows about as much.",
            ),
            wrong(
                "both alike: lr is the same",
                "The floor goes with the *effective* learning rate, and that is 0.5 with momentum.",
                "effective-lr-stays",
            ),
        ),
    ),
    questions=(
        choice(
            "which-way",
            "convert",
            "You read `v = 0.9 * v + 0.1 * g` and `x = x - lr * v`. Which momentum is that?",
            wrong(
                "PyTorch's, with the same lr",
                "PyTorch adds the whole gradient, `v = 0.9 * v + g`. Here v is ten times smaller.",
                "one-momentum",
            ),
            wrong(
                "Keras's: the 0.1 is its lr",
                "Keras's has lr in the velocity, and then `x = x + v`. Here lr comes last, and 0.1 is "
                "1 − β.",
                "one-momentum",
            ),
            wrong(
                "Nesterov's: it weighs old and new",
                "Every momentum weighs old and new. Nesterov's also feels the slope elsewhere, or "
                "counts g twice.",
                "nesterov-renamed",
            ),
            right(
                "a running mean: PyTorch's path at lr/10",
                "The weights 0.9 and 0.1 add up to 1, so v is an average, a tenth of PyTorch's sum.",
            ),
        ),
        number(
            "effective",
            "accelerate",
            "In `v = beta * v + g`, `x = x - lr * v` you change beta from 0 to 0.9 and leave lr. By "
            "which factor does the effective learning rate grow?",
            1 / (1 - 0.9),
            "1/(1 − β): the gradients of a steady slope add up to 1 + 0.9 + 0.81 + … = 10.",
            hint="On a steady slope v becomes g · (1 + 0.9 + 0.81 + …). What is that sum?",
            traps={
                1: (
                    "lr hasn't changed, but v has: it holds the sum of all gradients, and no longer one.",
                    "effective-lr-stays",
                ),
                1.9: (
                    "That is two steps' worth. The memory fades, but it doesn't end: 0.81, 0.73, … come "
                    "on top.",
                    "one-step-memory",
                ),
            },
        ),
        choice(
            "loss-rose",
            "accelerate",
            "Full batch, heavy ball, and at step 9 the loss went *up* a little before falling on. "
            "Is that a bug?",
            right(
                "not by itself: momentum may overshoot",
                "A walk with speed runs past the bottom. Look whether it settles; judge the trend, "
                "not one step.",
            ),
            wrong(
                "a bug: without noise the loss must fall",
                "That holds for gradient descent with a small lr. With momentum most of the step is "
                "older than this slope.",
                "loss-must-fall",
            ),
            wrong(
                "a sign that lr/(1 − β) is beyond 2/L",
                "It may well be, and harmlessly so: momentum's limit is lr = 2(1 + β)/L. Beyond it the "
                "loss would go on rising.",
                "effective-lr-limit",
            ),
        ),
        number(
            "four-times",
            "accelerate",
            "Heavy ball at its best takes 95 steps where κ = 100. Roughly how many will it take where "
            "κ = 400?",
            95 * (400 / 100) ** 0.5,
            "Steps grow like √κ, so about twice as many: 190 (counted: 198).",
            hint="Gradient descent's steps grow like κ. What does momentum make of κ?",
            tolerance=0.06,
            traps={
                95 * 400 / 100: (
                    "That is how *gradient descent* grows: like κ. Momentum isn't the same walk made "
                    "faster by a factor; it grows like √κ.",
                    "speed-is-a-factor",
                ),
                95: (
                    "The valley still matters, but less: κ counts as √κ.",
                    "momentum-beats-kappa",
                ),
            },
        ),
        choice(
            "look-ahead",
            "implement",
            "The next line is `x = x + v`. Which line before it makes that Nesterov's momentum?",
            wrong(
                "`v = beta * v - lr * grad(x)`",
                "That feels the slope where it stands: heavy ball, in Keras's way of writing.",
                "nesterov-renamed",
            ),
            right(
                "`v = beta * v - lr * grad(x + beta * v)`",
                "It asks for the slope at the point where the velocity is about to carry it.",
            ),
            wrong(
                "`v = beta * v - lr * grad(x - lr * grad(x))`",
                "That looks ahead along the *slope*, at the price of a second gradient. Nesterov's looks "
                "ahead along the *velocity*.",
                "lookahead-by-slope",
            ),
        ),
        number(
            "port",
            "convert",
            "A recipe for PyTorch says lr = 0.1, momentum = 0.9. Your library keeps a running mean: "
            "`v = 0.9 * v + 0.1 * g`. Which lr gives the same walk?",
            0.1 / (1 - 0.9),
            "lr/(1 − β): v is ten times smaller than PyTorch's, so lr must be ten times larger.",
            hint="On a steady slope, what is v here, and what is it in PyTorch?",
            traps={
                0.1: (
                    "Then every step would be a tenth of the recipe's: the same numbers are another "
                    "walk here.",
                    "one-momentum",
                ),
                0.01: (
                    "The other way round: v is the smaller one here, so lr must be the larger one.",
                    "one-momentum",
                ),
            },
        ),
        choice(
            "round-bowl",
            "accelerate",
            "All curvatures are equal, and you know them. What does β = 0.9 gain over the best "
            "gradient descent?",
            wrong(
                "fewer steps, as everywhere",
                "The best gradient descent is there in one step. With β = 0.9 no lr can do that: the "
                "velocity has to die away first.",
                "momentum-always-faster",
            ),
            wrong(
                "nothing, but it can't hurt: there is no zigzag",
                "It does hurt: the walk reaches the bottom with speed, and √0.9 of the swing is left by "
                "each step.",
                "only-damping",
            ),
            right(
                "nothing: it is slower",
                "One step home without, more than a hundred with. Momentum helps where curvatures differ.",
            ),
        ),
    ),
    exercises={
        "velocities": "accelerate",
        "heavy_ball": "implement",
        "nesterov": "implement",
        "lookahead": "implement",
        "port": "convert",
        "search": "accelerate",
        "racer": "accelerate",
    },
)
