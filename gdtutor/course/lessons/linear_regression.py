"""Lesson 4: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson
from ..questions import choice, number, right, wrong

linear_regression = Lesson(
    number=4,
    name="linear_regression",
    title="Linear regression from scratch",
    minutes=60,
    story="a map of all lines, its gradient without a loop, two silent bugs, ten features, the exact way",
    needs=("loss_functions", "update_rule"),
    objectives={
        "derive": "derive the gradient of the squared loss, and write it without a loop",
        "match": "fit a line that agrees with least squares to six digits",
        "cost": "say when the normal equation is the worse choice",
    },
    misconceptions={
        "line-local-minima": "The squared loss of a line has several valleys, and the start decides in which "
        "one you end.",
        "line-one-answer": "There is always exactly one set of weights that fits best.",
        "line-lost-two": "The derivative of r² is r: the 2 can be dropped without a trace.",
        "line-sum-for-mean": "The gradient of a mean is the sum of the points' gradients.",
        "line-sign-of-residual": "The residual is measured minus predicted, and the gradient has its sign.",
        "line-thousand-is-plenty": "After 1000 steps gradient descent has arrived.",
        "line-newest-is-best": "It makes no difference whether b's update already uses the new w.",
        "line-half-updated-breaks": "If b's update uses the new w, the fit ends somewhere else.",
        "line-shapes-raise": "If two arrays have shapes that don't belong together, NumPy says so.",
        "line-shapes-harmless": "(n,) and (n, 1) are the same thing written in two ways.",
        "line-entry-per-example": "A gradient has one entry for each example.",
        "line-tilt-is-data": "The valley is tilted since the points rise: steeper data, more tilt.",
        "line-shift-moves-only": "Shifting x shifts the valley, and leaves its shape alone.",
        "line-shift-changes-fit": "After shifting x, another line through the points fits best.",
        "line-each-for-itself": "A feature's weight doesn't depend on which other features there are.",
        "line-first-takes-all": "Of two equal features, the first one gets all the weight.",
        "line-convex-is-enough": "On a convex loss gradient descent arrives, whatever lr is.",
        "line-more-features-same-steps": "More features make a step dearer, and the walk no longer.",
        "line-cost-is-linear": "Twice the features, twice the work.",
        "line-rows-decide": "Many rows make the normal equation slow; the number of features hardly matters.",
        "line-low-loss-good-weights": "When the loss is nearly the best one, so are the weights.",
        "line-digits-get-dearer": "Every further digit takes ten times as many steps as the one before.",
        "line-start-is-kept": "Where a walk begins always shows in where it ends.",
        "line-intercept-apart": "The intercept isn't one of the numbers that gradient descent walks on.",
        "line-exact-is-better": "The normal equation is exact, so it's always the better choice.",
    },
    words={
        "slope of the line (w)": "how far a line rises for one step to the right; with several features, the weight of each",
        "intercept (b)": "the height of a line at x = 0",
        "least squares": "the weights whose mean squared residual is the lowest there is",
        "convex": "said of a loss that bends downwards along no straight cut: it has no second valley",
        "vectorised": "written as arithmetic on whole arrays, without a loop over the examples",
        "broadcasting": "NumPy's habit of stretching arrays of different shapes until they fit each other",
        "centring": "subtracting its mean from a feature, so that the mean is 0 afterwards",
        "minimum-norm solution": "of all weights that fit equally well, those nearest to zero",
        "normal equation": "AᵀA w = Aᵀy: it says that the gradient is zero, and is solved for w in one go",
        "implicit bias": "which of many perfect fits an algorithm ends at, without being asked to",
    },
    retrieval=(
        choice(
            "one-outlier",
            "loss_functions.choose",
            "Ten points lie near a line, an eleventh far above it. Which loss lets that one point turn the "
            "fitted line most?",
            wrong(
                "mean absolute error",
                "Its pull per point has a constant size, near or far. So one distant point counts as one "
                "vote, however distant it is.",
                "all-pull-alike",
            ),
            right(
                "mean squared error",
                "The pull of a point on the line is 2 · residual: ten times as far away, ten times the pull.",
            ),
            wrong(
                "Huber's loss with δ = 1",
                "Beyond δ its pull stops growing, which is what it was made for.",
                "all-pull-alike",
            ),
        ),
        choice(
            "sum-or-mean",
            "loss_functions.code",
            "You replace the *mean* of the squared errors by their *sum* over n points. What changes?",
            wrong(
                "the weights that fit best",
                "Multiplying every height of a landscape by n leaves its lowest place where it was.",
                "scale-moves-minimum",
            ),
            wrong(
                "nothing at all",
                "The lowest place stays, and the ground becomes n times as steep: each step with the same lr "
                "is n times as long.",
                "scale-is-invisible",
            ),
            right(
                "the gradient: it is n times as long",
                "The minimum stays where it was, and a fitting lr becomes n times smaller.",
            ),
        ),
        choice(
            "near-the-minimum",
            "loss_functions.code",
            "A residual shrinks from 4 to 2, and then to 1. What happens to the gradient of its *squared* "
            "error with respect to the prediction?",
            right(
                "it is halved each time",
                "The derivative of r² is 2r: 8, 4, 2. So squared errors let go gently near the minimum.",
            ),
            wrong(
                "it stays the same until the residual is 0",
                "That is the absolute error: its derivative is +1 or −1, whatever the size.",
                "all-pull-alike",
            ),
            wrong(
                "it falls to a quarter each time",
                "The *loss* r² does: 16, 4, 1. Its derivative is 2r, and goes down with r itself.",
                "higher-is-steeper",
            ),
        ),
    ),
    predictions=(
        choice(
            "places",
            "match",
            "Sixty walkers start at sixty random lines, all with the same good lr, and walk as long as they like. To "
            "ten digits, at how many different places of the map do they end?",
            wrong(
                "at a few: each start rolls into the valley next to it",
                "There is one valley only: the loss is a mean of squares, and along every cut through the map that "
                "is a parabola.",
                "line-local-minima",
            ),
            right(
                "all at the same one",
                "The map is a single bowl, a long one: from everywhere downhill leads to the same line.",
            ),
            wrong(
                "at sixty: each of them keeps a trace of its start",
                "They do come from sixty sides, but every step shrinks the differences by a factor. In the end "
                "nothing of them is left in ten digits.",
                "line-start-is-kept",
            ),
        ),
        number(
            "first-gradient",
            "derive",
            "Five points with y = 2, 4, 5, 4, 5, and the line that is 0 everywhere (w = 0, b = 0). What is b's "
            "entry in the gradient of the mean squared error?",
            -8,
            "The residuals are −2, −4, −5, −4, −5, their mean is −4, and the derivative of r² brings a 2.",
            hint="Each residual is 0 − y. b's entry is 2 · (mean of the residuals).",
            traps={
                8: (
                    "The size is right. Prediction minus measurement is 0 − y, so all residuals are negative: "
                    "raising b lowers the loss.",
                    "line-sign-of-residual",
                ),
                -4: (
                    "That is the mean of the residuals. The derivative of r² is 2r.",
                    "line-lost-two",
                ),
                -40: (
                    "That is the sum over the five points. The *mean* squared error divides it by 5.",
                    "line-sum-for-mean",
                ),
            },
        ),
        choice(
            "six-digits",
            "match",
            "With lr = 0.01 the figure above showed 0.62·x + 2.14 after 1000 steps. How many steps until w and b "
            "agree with 0.6 and 2.2 to 1e-6?",
            wrong(
                "1000 were enough: it said “there”",
                "It said so of the *loss*. On a nearly level floor a loss within 1 % of the best leaves room for "
                "weights that are 3 % off.",
                "line-low-loss-good-weights",
            ),
            wrong(
                "about 1100: the little that is missing goes quickly",
                "What is missing shrinks by the same factor in every step, so each further digit takes as long as "
                "the one before.",
                "line-thousand-is-plenty",
            ),
            right(
                "about 4300",
                "4268. Every 680 steps divide what is missing by ten, and nearly five more digits were missing.",
            ),
            wrong(
                "far more than 100 000: each digit takes ten times as long as the last",
                "An average of random numbers is even slower than that. Here every step takes away the same *share* "
                "of what is missing, so each digit costs equally many steps.",
                "line-digits-get-dearer",
            ),
        ),
        choice(
            "new-w",
            "derive",
            "Somebody updates w first, and computes b's update with the *new* w; lr is small. What does that do?",
            wrong(
                "the path is the same, to the last bit",
                "b's entry of the gradient is taken at another place than w's. The very first b is 0.06416 instead of "
                "0.08.",
                "line-newest-is-best",
            ),
            right(
                "another path, and the same line in the end",
                "It's another algorithm, which takes the coordinates in turn. It rests where both entries are "
                "zero, and that is the same place.",
            ),
            wrong(
                "it ends at another line",
                "It can rest only where both entries of the gradient are zero, and that is the least squares line. What "
                "differs is the way there.",
                "line-half-updated-breaks",
            ),
        ),
        choice(
            "shapes",
            "derive",
            "By mistake y has the shape (5, 1), as a column of a table, and x has (5,). What does the loop with "
            "`r = w * x + b - y`, `np.mean(2 * r * x)` and `np.mean(2 * r)` do?",
            wrong(
                "it stops with an error",
                "NumPy stretches both to (5, 5) and subtracts every measurement from every prediction. A mean is taken "
                "of any shape, so nothing is raised. (`A.T @ r` would have led to an error.)",
                "line-shapes-raise",
            ),
            wrong(
                "it finds the same line",
                "`r` is a 5 × 5 table then: every prediction is compared with the y of all points.",
                "line-shapes-harmless",
            ),
            right(
                "it runs smoothly, and finds a wrong line",
                "Each prediction is pulled towards *all* measurements, so the best answer is their mean, "
                "everywhere: a level line.",
            ),
        ),
        choice(
            "centre",
            "match",
            "Subtract the mean 3 from all x and draw the map again. What has become of the valley?",
            right(
                "it stands upright, and is far rounder",
                "With mean 0, turning the line doesn't lift it: w and b no longer get in each other's way.",
            ),
            wrong(
                "it is the same valley, moved",
                "The best intercept moves, from 2.2 to 4, and the shape changes as well: the tilt comes from "
                "the mean of x.",
                "line-shift-moves-only",
            ),
            wrong(
                "it is as tilted as before, since the points still rise",
                "The shape of the valley doesn't depend on y at all. With level points it would be as tilted: the tilt "
                "comes from the mean of x.",
                "line-tilt-is-data",
            ),
        ),
        choice(
            "twins",
            "match",
            "Two equal columns x₁ = x₂ = 1, 2, 3, and y = 1, 2, 3. No intercept, start at (0, 0), lr 0.01, "
            "1000 steps. What comes out?",
            wrong(
                "[0.99935587 0.99933838]",
                "Then each prediction would be twice what it should be. An article prints this all the same: see the "
                "next cells.",
                "line-each-for-itself",
            ),
            wrong(
                "[1 0]",
                "It would fit. But both columns are equal, so both gradients are, and equal weights stay "
                "equal.",
                "line-first-takes-all",
            ),
            right(
                "[0.5 0.5]",
                "Equal columns have equal gradients: the two weights walk side by side until their sum is 1.",
            ),
        ),
        choice(
            "ten-features",
            "match",
            "With one feature of the 442 patients (bmi, lr = 0.2) the weights agree with least squares to 1e-6 "
            "after 37 steps. How many steps does it take with all ten, and the same lr?",
            wrong(
                "about 40 again",
                "Each feature alone would be as quick. Together they overlap, and the loss has nearly flat "
                "directions, along which the walk creeps.",
                "line-more-features-same-steps",
            ),
            wrong(
                "about 400, ten times as many",
                "It isn't the number of features that counts, it's how much they overlap: here the steepest "
                "direction curves 470 times as much as the flattest.",
                "line-cost-is-linear",
            ),
            right(
                "about 5000",
                "5075. The features overlap, so that some directions of the map are nearly flat.",
            ),
        ),
        number(
            "double",
            "cost",
            "Solving the normal equation takes about n·d² + d³/3 multiplications for n rows and d features. "
            "Double *both* n and d. By what is the work multiplied?",
            8,
            "2 · 2² = 8, and 2³ = 8: both parts grow eightfold.",
            hint="Put 2n for n and 2d for d into n·d². What comes out in front?",
            traps={
                2: (
                    "That would be work in proportion to d. Here d stands there squared and cubed.",
                    "line-cost-is-linear",
                ),
                4: (
                    "That is what d² brings. In n·d² the doubled n brings another 2, and d³ has a third d.",
                    "line-cost-is-linear",
                ),
            },
        ),
    ),
    questions=(
        choice(
            "find-the-bug",
            "derive",
            "`x = table[:, 0]` and `y = table[:, [1]]`. Then, in the loop: `r = w * x + b - y`, `w -= lr * 2 * "
            "np.mean(r * x)`, `b -= lr * 2 * np.mean(r)`. No error, and a level line comes out, although the "
            "points rise. Which piece is to blame?",
            wrong(
                "`r = w * x + b - y`: it should be y − w·x − b",
                "Predicted minus measured is right for `-=`. The other sign would walk uphill and away.",
                "line-sign-of-residual",
            ),
            right(
                "`y = table[:, [1]]`",
                "The inner brackets keep a column, (n, 1). Then `r` is n × n. Write `table[:, 1]`, and check "
                "`r.shape == y.shape` once.",
            ),
            wrong(
                "`b -= …`: it comes after w has moved",
                "`r` was computed before anything moved, so both entries of the gradient belong to the same place.",
                "line-half-updated-breaks",
            ),
            wrong(
                "none of them: a wrong shape would be an error",
                "Shapes that can be stretched are no error. Print `r.shape`.",
                "line-shapes-raise",
            ),
        ),
        number(
            "one-point",
            "derive",
            "One point, x = 2, y = 6. Start at w = 0, b = 0, with lr = 0.1. What is b after *one* step of gradient "
            "descent?",
            0 - 0.1 * 2 * (0 * 2 + 0 - 6),
            "The residual at the start is −6, so b's entry of the gradient is −12, and b = 0 + 0.1 · 12.",
            hint="The residual is 0 · 2 + 0 − 6. b's entry of the gradient is twice that.",
            traps={
                0 - 0.1 * 2 * (2.4 * 2 + 0 - 6): (
                    "That is b's step taken at the *new* w = 2.4. In gradient descent both entries are taken "
                    "at the same place, before anything moves.",
                    "line-newest-is-best",
                ),
                0.6: ("The derivative of r² is 2r: a factor 2 got lost.", "line-lost-two"),
                -1.2: (
                    "That walks uphill. The residual is predicted minus measured, −6, and minus lr times a "
                    "negative gradient is a step up in b.",
                    "line-sign-of-residual",
                ),
            },
        ),
        number(
            "entries",
            "derive",
            "442 patients, 10 features and an intercept. How many entries does Aᵀ(Aw − y) have?",
            11,
            "One for each weight, intercept included: a gradient has the shape of what it walks on.",
            hint="A is 442 × 11. What is the shape of Aᵀ, and of a table (11, 442) times a list (442,)?",
            traps={
                442: (
                    "That is how many the residual Aw − y has. Multiplying by Aᵀ sums over the examples.",
                    "line-entry-per-example",
                ),
                10: (
                    "The intercept is walked on as well: it's the weight of the column of ones.",
                    "line-intercept-apart",
                ),
            },
        ),
        choice(
            "why-tilted",
            "match",
            "The map of (w, b) shows a long tilted valley. Where does the tilt come from?",
            wrong(
                "from the points: y rises with x",
                "Let all y be 0: the valley moves, and is as tilted as before. Its shape is made by x alone.",
                "line-tilt-is-data",
            ),
            right(
                "from x: its mean isn't 0",
                "Then a steeper line is also a higher line, on average, and a lower b makes up for it.",
            ),
            wrong(
                "from the fit: without the tilt another line would be the best",
                "Centring takes the tilt away and leaves the line where it is: 0.6 · (x − 3) + 4 is "
                "0.6 · x + 2.2.",
                "line-shift-changes-fit",
            ),
        ),
        choice(
            "two-ends",
            "match",
            "A linear model, the mean squared error, two starts. Both walks end at a gradient of zero, and at "
            "*different* weights. What follows?",
            wrong(
                "one of them is stuck in a bad local minimum",
                "The loss is convex, so a zero gradient is as low as it gets: both fit equally well.",
                "line-local-minima",
            ),
            wrong(
                "there is a bug: the best weights are unique",
                "They are, unless some features can replace each other. Then there is a whole line of best "
                "weights.",
                "line-one-answer",
            ),
            right(
                "the features are dependent; both make the same predictions",
                "Along a level valley floor the weights differ and the predictions don't. The start decides "
                "where on the floor you end.",
            ),
        ),
        choice(
            "doubles",
            "match",
            "Linear regression, the mean squared error, a correct gradient. The loss doubles with each step. Why?",
            right(
                "lr is larger than 2/L",
                "Along the direction of the largest curvature L every step multiplies the error by 1 − lr·L, "
                "which is below −1.",
            ),
            wrong(
                "impossible: the loss is convex, so it can only fall",
                "Convex means that there is one valley. A step that is too long leaps across it, and lands "
                "higher.",
                "line-convex-is-enough",
            ),
            wrong(
                "the walk climbs out of a local minimum",
                "There is one minimum only, and gradient descent never climbs on purpose.",
                "line-local-minima",
            ),
        ),
        choice(
            "worse-choice",
            "cost",
            "For which of these is the normal equation the worse choice?",
            wrong(
                "50 features, 100 000 rows, six digits wanted",
                "AᵀA is 50 × 50: forming it costs as much as 25 steps of gradient descent, and solving it next to "
                "nothing. More rows make both ways dearer alike.",
                "line-rows-decide",
            ),
            right(
                "100 000 features, few digits wanted",
                "AᵀA would have 10¹⁰ entries, and solving takes d³/3, some 3 · 10¹⁴ multiplications. Gradient descent "
                "never forms it.",
            ),
            wrong(
                "for none: an exact answer is always better",
                "Exact on paper. It costs d² of memory and d³ of work, fails if columns are dependent, "
                "and exists for the squared loss only.",
                "line-exact-is-better",
            ),
        ),
    ),
    exercises={
        "evaluate": "derive",
        "twins": "match",
        "gradient": "derive",
        "fit": "match",
        "break_even": "cost",
        "slow": "match",
        "powers": "match",
    },
)
