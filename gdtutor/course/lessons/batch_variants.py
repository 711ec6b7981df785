"""Lesson 5: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson
from ..questions import choice, number, right, wrong

batch_variants = Lesson(
    number=5,
    name="batch_variants",
    title="Batch, stochastic, mini-batch",
    minutes=60,
    story="ask a few examples for the way, walk more often, and live with the noise",
    needs=("linear_regression",),
    objectives={
        "implement": "write batch, stochastic and mini-batch gradient descent",
        "noise": "say how noise and cost depend on the batch size, in numbers",
    },
    misconceptions={
        "sgd-is-one": "SGD always means one example for each update.",
        "sgd-settles": "With a small constant lr, SGD converges to the minimum if you wait.",
        "epoch-is-update": "An epoch is an update: one pass, one step.",
        "noise-only-harm": "Noise in the gradient is only harm.",
        "shuffling-optional": "Shuffling is optional: each epoch sees every example anyway.",
        "batch-keeps-lr": "A bigger batch needs no other lr.",
        "noise-falls-as-b": "Four times the batch has a quarter of the noise.",
        "batch-is-biased": "A few examples give a shrunken or a slanted gradient, on average too.",
        "last-batch-lost": "What doesn't fill a batch isn't used in that epoch.",
        "exact-is-fastest": "Who knows the gradient exactly gets down fastest.",
        "data-is-progress": "Who has seen the same examples is equally far.",
        "bigger-is-slower": "Larger batches converge more slowly.",
        "bigger-is-better": "Larger batches are better in every respect.",
        "time-is-examples": "An update takes time in proportion to its examples.",
        "sgd-noise-cancels": "Noise has mean zero, so in the end nothing is left of it.",
        "noise-finds-the-best": "Noise shakes everybody into the deepest valley, and there they stay.",
    },
    words={
        "batch": "the examples whose mean gradient is used for one step",
        "batch size (B)": "how many examples are in a batch",
        "gradient estimate": "the mean gradient of a batch, used in place of the mean over all examples",
        "noise (σ/√B)": "how far off gradient estimates are: their standard deviation",
        "standard deviation (σ)": "the root of the mean squared distance from the mean",
        "variance": "the square of the standard deviation",
        "unbiased": "right on average, though a single estimate is off",
        "update": "one step of the rule, whatever the batch size",
        "epoch": "the updates in which every example is seen once",
        "full batch": "a batch of all n examples: the gradient is exact",
        "stochastic gradient descent (SGD)": "gradient descent with random batches; strictly, of one "
        "example each",
        "mini-batch": "a batch of more than one example, and fewer than all",
        "ragged batch": "the last batch of an epoch, when n isn't a multiple of B: it is smaller",
        "shuffle": "to put the examples into a new random order",
        "linear scaling rule": "k times the batch, k times the lr, as long as lr stays below its limit",
        "noise floor": "the variance, or the loss, below which noise doesn't let a constant lr come",
        "without replacement": "drawing so that no example comes twice in an epoch",
    },
    retrieval=(
        number(
            "first-step",
            "update_rule.write",
            "f(x) = x², start at x₀ = 2, lr = 0.1. Where is x₁?",
            2 - 0.1 * (2 * 2),
            "The slope at 2 is 4, so the step is 0.1 · 4 = 0.4, downhill: to 1.6.",
            hint="The slope of x² is 2x. The step is lr times the slope, and it goes downhill.",
            traps={
                1.9: ("That is a step of lr. The step is lr times the *slope*.", "fixed-step"),
                2.4: ("That is 0.4 uphill. Which sign goes down?", "sign-is-detail"),
                1.8: ("The slope of x² is 2x, so 4 at x = 2.", "slope-off-by-a-factor"),
            },
        ),
        choice(
            "comes-to-rest",
            "update_rule.stop",
            "A smooth hill, a fixed `lr` that isn't too large. “Stop when the step is tiny” does end the "
            "loop near the minimum. Why are the steps tiny there?",
            wrong(
                "they aren't, unless lr is cut as well: it would jump about the minimum for ever",
                "On a smooth hill it doesn't: lr stays, and the slope itself goes to 0. Keep the question in mind: "
                "today the slope is noisy.",
                "must-decay",
            ),
            right(
                "the slope shrinks there",
                "The step is lr × slope, so it shrinks by itself. Keep this in mind: today the slope is noisy.",
            ),
            wrong(
                "it notices that it has arrived",
                "It knows nothing but the slope underfoot.",
                "knows-the-goal",
            ),
        ),
        choice(
            "climb-left",
            "update_rule.climb",
            "You *climb* f(x) = −x² from x = 0.5 with lr = 0.1. Where does the first step lead?",
            right("to 0.4", "The slope is −1. x + 0.1 · (−1) = 0.4, nearer to the top at 0."),
            wrong(
                "to 0.6, since a climb adds",
                "A climb adds lr × *slope*, and the slope at 0.5 is −1: uphill is to the left here.",
                "uphill-is-right",
            ),
            wrong(
                "to 0.45",
                "The slope of −x² is −2x, so −1 at 0.5, and not −0.5.",
                "slope-off-by-a-factor",
            ),
        ),
    ),
    predictions=(
        number(
            "tenth",
            "noise",
            "An estimate shall be a *tenth* as far off. How many times as many patients does it need?",
            10**2,
            "The error of a mean falls as 1/√B, and √100 is 10.",
            hint="Four times as many: half as far. Four times again, so sixteen: a quarter.",
            traps={
                10: (
                    "That would be a fair price. Alas, errors cancel only in part: √10 is about 3, so ten times as "
                    "many leave a third.",
                    "noise-falls-as-b",
                ),
                20: (
                    "Sixteen times give a quarter. Each further halving multiplies by 4 again, so 20 isn't enough.",
                    "noise-falls-as-b",
                ),
            },
        ),
        number(
            "updates",
            "implement",
            "442 patients in batches of 64. Every patient is seen once: that is one epoch. How many updates "
            "are that?",
            -(-442 // 64),
            "Six batches of 64 are 384 patients; the seventh has the 58 that remain.",
            hint="Each batch gives one update. How many batches of 64 does it take until nobody is left?",
            traps={
                6: ("58 patients are left over. They get a smaller batch.", "last-batch-lost"),
                442 / 64: (
                    "Rounded up: the last, smaller batch makes a whole update, too.",
                    "last-batch-lost",
                ),
                1: (
                    "One pass, yes, but every batch on the way makes an update.",
                    "epoch-is-update",
                ),
                442: ("That is one patient for each update, B = 1.", "sgd-is-one"),
            },
        ),
        choice(
            "first-epoch",
            "noise",
            "One epoch, the same small lr = 0.005, batch sizes 1 to all. All have seen every patient once. "
            "Who is lowest?",
            wrong(
                "all at once: its direction is exact",
                "Exact, and used for a single step. The others were off each time, and had up to 442 steps.",
                "exact-is-fastest",
            ),
            right(
                "B = 1",
                "442 rough steps beat one exact step. Rough ones are right on average.",
            ),
            wrong(
                "nobody: the same data, the same progress",
                "The data are the same, the number of steps isn't: 442 against one.",
                "data-is-progress",
            ),
        ),
        choice(
            "tuned",
            "noise",
            "Now every batch size gets its own best lr. From B = 1 up to all: what happens to the number of "
            "updates, and of epochs, until the loss is good?",
            wrong(
                "more updates, more epochs",
                "A better direction can't need more updates: it allows a larger lr, too.",
                "bigger-is-slower",
            ),
            wrong(
                "fewer updates, fewer epochs",
                "Fewer updates, yes. But each has cost more examples, and beyond some size they buy little.",
                "bigger-is-better",
            ),
            right(
                "fewer updates, more epochs",
                "Better directions save updates; but beyond some size an extra example adds little.",
            ),
        ),
        choice(
            "cost",
            "noise",
            "One update with a *single* patient, one with all 442, on your computer. How many times as long does "
            "the second take?",
            wrong(
                "about 442 times",
                "So it would be if only examples cost time. Every update has a fixed cost too, and NumPy multiplies "
                "whole tables at once.",
                "time-is-examples",
            ),
            right(
                "less than 20 times",
                "With 10 features the fixed cost of an update rules. With large models it is the examples.",
            ),
            wrong(
                "not as long: one big batch is always cheaper",
                "Per example it is cheaper. The update as a whole can't be.",
                "bigger-is-better",
            ),
        ),
        choice(
            "settles",
            "noise",
            "Each step the walker hears one random patient. lr is small, 0.05, and stays so. Where is the walker after "
            "10 000 steps?",
            wrong(
                "at rest at 0: after so many steps the noise has averaged out",
                "Nothing averages over all steps: at lr = 0.05 only the last few dozen patients count, and each new one "
                "pulls again.",
                "sgd-noise-cancels",
            ),
            wrong(
                "near 0, coming closer all the time",
                "It comes near within about a hundred steps, and then no closer. Every patient pulls another way.",
                "sgd-settles",
            ),
            right(
                "still jumping about 0",
                "Single slopes don't shrink at the minimum; only their mean does. A smaller lr jumps less, and never stops.",
            ),
        ),
        choice(
            "shallow",
            "noise",
            "1000 walkers stand in the *shallower* of two valleys. 3000 steps with noisy slopes, then they walk down "
            "without noise. How many end in the deeper valley?",
            wrong(
                "none: noise only makes the walk worse",
                "Noise also carries walkers over the hill. Without it none would ever leave.",
                "noise-only-harm",
            ),
            right(
                "most, but not all",
                "Noise carries them over the hill in both directions. Out of the deeper valley the climb is higher, "
                "so fewer make it.",
            ),
            wrong(
                "all: noise shakes everybody into the deepest valley",
                "Most, yes. But the noise that lets them in lets some out again.",
                "noise-finds-the-best",
            ),
        ),
        choice(
            "sorted",
            "implement",
            "The table is sorted by how far the disease went. Batches of 16, ten epochs: in the order of the table, "
            "or with a new shuffle for each epoch. How do the two compare?",
            right(
                "sorted ends far higher",
                "The last batches of each epoch hold severe cases only, and drag the model up.",
            ),
            wrong(
                "no difference: both see every patient ten times",
                "They do, but the last ones seen count most, and in the sorted table these are all alike.",
                "shuffling-optional",
            ),
            wrong(
                "sorted is better: less randomness, less noise",
                "A sorted batch holds patients who are alike: its gradient is off to one side, step after step.",
                "shuffling-optional",
            ),
        ),
    ),
    questions=(
        number(
            "per-epoch",
            "implement",
            "n = 1000 examples, B = 32. How many updates has an epoch?",
            -(-1000 // 32),
            "31 full batches are 992 examples, and one ragged batch holds the last 8.",
            hint="Divide 1000 by 32. What happens to the rest?",
            tolerance=1e-3,
            traps={
                31: ("8 examples are left over. They make one more update.", "last-batch-lost"),
                31.25: (
                    "A quarter of a batch is still a whole update: round up.",
                    "last-batch-lost",
                ),
                1: ("That is the full batch. Each batch makes an update.", "epoch-is-update"),
                1000: ("That is B = 1. SGD can have any batch size.", "sgd-is-one"),
            },
        ),
        choice(
            "which-curve",
            "noise",
            "Look at the three curves above, loss against *examples seen*. Which one is B = 1?",
            wrong(
                "a: it ends lowest",
                "That is B = 32: fewer steps than B = 1, but quieter ones. With lr constant, B = 1 keeps its noise.",
                "sgd-noise-cancels",
            ),
            wrong(
                "b: one example at a time makes small, smooth steps",
                "Smooth means exact: all examples at once, one step for each epoch.",
                "exact-is-fastest",
            ),
            right(
                "c: it falls first, and then rattles",
                "Many steps early, and noise that a constant lr never calms.",
            ),
        ),
        number(
            "half",
            "noise",
            "You go from B = 8 to B = 32. By what is the noise of the gradient (its standard deviation) multiplied?",
            (8 / 32) ** 0.5,
            "1/√4 = ½. Its *variance* is a quarter.",
            hint="The noise goes as 1/√B. What is √(8/32)?",
            traps={
                0.25: (
                    "That is the variance. The deviation goes with the square root.",
                    "noise-falls-as-b",
                ),
                1: (
                    "The mean stays. The noise around it shrinks as more examples are averaged.",
                    "batch-is-biased",
                ),
                2: ("More examples, less noise: their errors partly cancel.", "bigger-is-slower"),
            },
        ),
        choice(
            "halve-lr",
            "noise",
            "A walker hears one random patient a step. lr = 0.2 is constant, and it has come as near as it will. You halve "
            "lr and wait long enough. Its variance is then …",
            right(
                "about half",
                "lr/(2 − lr) falls from 0.111 to 0.053. To get it to 0, lr itself has to go there.",
            ),
            wrong(
                "zero, in the end",
                "A constant lr keeps answering every noisy slope. The floor is lower, not gone.",
                "sgd-settles",
            ),
            wrong(
                "the same: noise is noise",
                "The noise is the same, the step that answers it is half as long.",
                "sgd-noise-cancels",
            ),
        ),
        choice(
            "sgd-256",
            "implement",
            "A paper says “trained with SGD, batch size 256”. What happened in every update?",
            wrong(
                "one random example was used, 256 times over",
                "Then it would say batch size 1. Today most people, and PyTorch's `SGD`, call any batch size SGD.",
                "sgd-is-one",
            ),
            wrong(
                "all examples were used, in 256 parts",
                "That is an epoch. An update uses one batch.",
                "epoch-is-update",
            ),
            right(
                "the mean gradient of 256 random examples gave one step",
                "“SGD” has come to mean any random batch. The batch size says which.",
            ),
        ),
        choice(
            "four-times",
            "noise",
            "You go from B = 32 to B = 128, keep lr and the number of epochs, and the loss ends *higher*. "
            "What is the likeliest reason?",
            wrong(
                "a bug: a bigger batch with the same lr can't be worse",
                "It can: the same lr for a quarter of the updates goes a quarter of the way.",
                "batch-keeps-lr",
            ),
            right(
                "a quarter of the updates, each no longer than before",
                "Raise lr as well, up to four times, as long as it stays below its limit.",
            ),
            wrong(
                "larger batches converge more slowly, so go back to 32",
                "Per epoch, with lr unchanged. With a larger lr each update goes farther.",
                "bigger-is-slower",
            ),
        ),
        choice(
            "missing",
            "implement",
            "In each epoch: `for i in range(0, n, B): rows = slice(i, i + B); w = w - lr * grad(w, X[rows], y[rows])`, "
            "where `grad` is the mean over its rows. The table is sorted by date. What is missing?",
            wrong(
                "nothing: every row is used once an epoch",
                "It is, but neighbours are alike, and the newest rows always have the last word.",
                "shuffling-optional",
            ),
            right(
                "a new shuffle before each epoch",
                "order = rng.permutation(n), then rows = order[i : i + B].",
            ),
            wrong(
                "a test that leaves the last, smaller batch out",
                "A mean over fewer rows is still a fair estimate, a little noisier. Leaving it out would waste them.",
                "last-batch-lost",
            ),
        ),
    ),
    exercises={
        "cut": "implement",
        "bill": "noise",
        "sgd": "implement",
        "train": "implement",
        "batch_noise": "noise",
        "calmer": "noise",
        "noise_floor": "noise",
    },
)
