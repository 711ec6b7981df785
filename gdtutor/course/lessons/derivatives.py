"""Lesson 1: its objectives, its questions, and the beliefs it sets right."""

from ..lesson import Lesson
from ..questions import choice, number, right, wrong

derivatives = Lesson(
    number=1,
    name="derivatives",
    title="Derivatives: the gradient as a compass",
    minutes=75,
    story="from a slope underfoot to a compass on the map, and derivatives that a computer traces backwards",
    needs=(),
    objectives={
        "compute": "compute derivatives: with numbers, by the power rule, and one variable at a time",
        "compass": "read a gradient: where it points, how long it is, what kind of thing it is",
        "check": "check a gradient against differences, with a fitting h",
        "trace": "follow a derivative through a computation, forwards and backwards",
    },
    misconceptions={
        "slope-is-arrow": "A negative slope means that the way down is to the left.",
        "slope-is-rise": "The slope is how much higher I get, whatever the distance.",
        "limit-too-soon": "As soon as h is small, the difference is the derivative itself.",
        "power-keeps": "The derivative of xⁿ is n · xⁿ: the exponent stays as it was.",
        "factor-vanishes": "A constant drops out of a derivative, whether it is added or multiplied.",
        "held-still-vanishes": "In ∂f/∂x everything with a y in it counts as a constant and drops out.",
        "axes-swapped": "∂f/∂x is the slope with x held still.",
        "smaller-h-better": "The smaller h, the better the slope.",
        "round-off-floor": "Below some h the slope is as good as it gets, and stays so.",
        "tiny-becomes-zero": "For a computer, a number as small as 1e−14 is 0.",
        "gradient-in-3d": "The gradient is an arrow in 3-D that points up along the hillside.",
        "gradient-is-number": "∇f is a number: the slope of f.",
        "gradient-of-gradient": "∇f is a table: one row and one column for each coordinate, like every second derivative.",
        "gradient-is-downhill": "The gradient shows the way down.",
        "gradient-aims-home": "The steepest way down leads straight to the minimum.",
        "gradient-along-contour": "The gradient runs along the contour, as a road around the hill does.",
        "slope-fades-evenly": "Turn away from the gradient, and the slope falls in proportion to the angle.",
        "goes-down-so-right": "If the loss goes down, the gradient is right.",
        "difference-over-one": "A relative error is the difference divided by the number that I wrote.",
        "outer-only": "The derivative of (…)² is 2 · (…): what is inside doesn't matter.",
        "chain-adds": "In a chain the slopes of the links add up.",
        "one-path": "A variable acts on the result in one way: the first one that I find.",
        "paths-multiply": "Where a variable acts in two ways, the two slopes are multiplied.",
        "sweep-per-weight": "A derivative for each weight takes a computation for each weight.",
        "autodiff-is-differences": "Automatic differentiation is differences with a very small h.",
    },
    words={
        "secant": "the straight line through two points of a curve",
        "tangent": "the straight line that touches a curve at a point and has the curve's slope there",
        "limit": "the number that values come as near to as you like while something, such as h, shrinks towards 0",
        "derivative (f′)": "the slope of a function at a point; and the function that gives this slope for every x",
        "power rule": "the derivative of xⁿ is n · xⁿ⁻¹",
        "forward difference": "the slope between x and x + h, used in the place of the derivative",
        "central difference": "the slope between x − h and x + h, used in the place of the derivative",
        "round-off": "the error that arises because a computer keeps some 16 digits of every number",
        "cancellation": "the loss of digits when two nearly equal numbers are subtracted",
        "partial derivative (∂f/∂x)": "the slope along one axis, while all other variables are held still",
        "contour": "a line on the map along which the height stays the same",
        "gradient check": "the comparison of a gradient from a formula with one from differences",
        "relative error": "the size of a difference divided by the size of what is compared",
        "chain rule": "the slope of a chain of functions is the product of the slopes of its links",
        "computational graph": "a computation drawn as boxes for its numbers and arrows for which depends on which",
        "forward mode": "automatic differentiation from the input to the result: one sweep for every input",
        "reverse mode": "automatic differentiation from the result back to the inputs: one sweep for all of them",
        "dual number": "a number that carries its own slope along through a computation",
        "complex step": "the slope at x read off the imaginary part of f(x + ih), without any subtraction",
    },
    predictions=(
        number(
            "secant",
            "compute",
            "On f(x) = x² the slope from 3 to 4 is 7, and from 3 to 3.1 it is 6.1. What is it from 3 to 3.01?",
            (3.01**2 - 3**2) / 0.01,
            "3.01² = 9.0601, so the rise is 0.0601, and divided by the run 0.01 it is 6.01. The extra digit moves "
            "one place to the right each time.",
            hint="Divide the rise, 3.01² − 9, by the run, 0.01. Or go on with the pattern 7, 6.1, …",
            traps={
                6: (
                    "Near. Where does it lead if you go on? As long as the two points are apart, a little is left over.",
                    "limit-too-soon",
                ),
                3.01**2 - 3**2: (
                    "That is the rise. Per step of 1 to the right it is a hundred times as much: divide by the run.",
                    "slope-is-rise",
                ),
            },
            tolerance=1e-4,
        ),
        number(
            "power",
            "compute",
            "How steep is f(x) = 2x⁴ at x = 10?",
            8 * 10**3,
            "The exponent comes down and gets smaller by one, and the factor stays: 2 · 4x³ = 8x³, which is 8000.",
            hint="x⁴ has the slope 4x³. What does the 2 in front do to every height, and so to every slope?",
            traps={
                4 * 10**3: (
                    "That is the slope of x⁴. The 2 makes every height twice as high, and so every slope twice as steep.",
                    "factor-vanishes",
                ),
                8 * 10**4: (
                    "The 4 came down, and the exponent stayed. Look at the table: x² has slopes that grow like x, not "
                    "like x².",
                    "power-keeps",
                ),
            },
        ),
        choice(
            "small-h",
            "check",
            "The difference (f(x + h) − f(x)) / h is a slope with an error. You make h smaller and smaller, down to "
            "0.000000000000001. What happens to the error?",
            wrong(
                "it shrinks and shrinks",
                "On paper it does. A computer keeps 16 digits, and of two nearly equal heights most of them are subtracted away.",
                "smaller-h-better",
            ),
            wrong(
                "it shrinks, and then stays where it is",
                "It would, if round-off stayed as it is. But the round-off in the rise is divided by h, too: the smaller h, the more it "
                "counts.",
                "round-off-floor",
            ),
            right(
                "it shrinks, and then it grows",
                "Two errors pull in opposite directions: the curve bends less over a short run, and round-off, divided by a "
                "tiny h, counts more.",
            ),
        ),
        choice(
            "arrow",
            "compass",
            "A hill stands over a map with the axes x and y. You draw its gradient ∇f at the place where you stand. What do you draw?",
            wrong(
                "an arrow from your feet up along the hillside",
                "That arrow needs three numbers. The gradient has two, the slopes along x and along y: it lives on the map, "
                "and its *length* says how steep it is.",
                "gradient-in-3d",
            ),
            right(
                "an arrow on the flat map",
                "Two slopes, along x and along y, make an arrow on the map: its direction says which way is up, its length how steep.",
            ),
            wrong(
                "just a number beside your feet",
                "One number is the slope in *one* direction. On a hill you can walk in many, so ∇f keeps one "
                "slope for each axis.",
                "gradient-is-number",
            ),
        ),
        number(
            "sixty",
            "compass",
            "Straight uphill the slope is 5. You turn away from that by 60° and walk on. How steep is it now?",
            5 * 0.5,
            "The slope goes with the cosine of the angle, and cos 60° = ½: it is 2.5. At 90° it is 0.",
            hint="At 0° it is 5, at 90° it is 0. In between it falls slowly at first and then faster, like a cosine.",
            traps={
                5 / 3: (
                    "That is 5 · (90 − 60)/90, an even fall. The slope holds out longer: a small turn costs hardly "
                    "anything, as with a cosine.",
                    "slope-fades-evenly",
                ),
                5: (
                    "That is the slope straight uphill. Whoever walks off at an angle, as on a hairpin road, climbs less for each step.",
                    "gradient-is-number",
                ),
            },
        ),
        choice(
            "bottom",
            "compass",
            "A long, narrow valley. You stand on its flank and look along −∇f, the steepest way down. Do you look at the lowest point "
            "of the valley?",
            right(
                "hardly ever",
                "−∇f stands at right angles to the contour under your feet. In a narrow valley that is the way across it, "
                "while the lowest point lies along it.",
            ),
            wrong(
                "always: steepest down means straight to the bottom",
                "The gradient knows the ground underfoot and nothing else. Only where contours are circles do their right angles all "
                "meet in the middle.",
                "gradient-aims-home",
            ),
            wrong(
                "always, if the valley is straight",
                "It may be as straight as a ruler: across it the ground falls more steeply than along it, so −∇f looks across. Bends aren't the reason.",
                "gradient-aims-home",
            ),
        ),
        number(
            "forgot-two",
            "check",
            "Somebody forgets the factor 2, so the gradient is half as long as it should be. What is the relative error "
            "‖wrong − true‖ / (‖wrong‖ + ‖true‖)?",
            (1 - 0.5) / (1 + 0.5),
            "The difference is ½ of the true length, and the two lengths add up to 1½ of it: ½ / 1½ = 1/3.",
            hint="Call the true length 1. Then the wrong one is ½, and so is the difference.",
            traps={
                0.5: (
                    "That is the difference over the true length alone. Here it is divided by *both* lengths, ½ + 1.",
                    "difference-over-one",
                ),
                1: (
                    "That is the difference over the length of the wrong one. Here it is divided by *both* lengths, ½ + 1.",
                    "difference-over-one",
                ),
            },
        ),
        number(
            "chain",
            "trace",
            "How steep is f(x) = (3x + 1)² at x = 1?",
            2 * (3 * 1 + 1) * 3,
            "The inside moves 3 times as fast as x, and the square moves 2 · 4 = 8 times as fast as the inside: 8 · 3 = 24.",
            hint="Call the inside u = 3x + 1. How fast does u grow with x, and how fast does u² grow with u, at u = 4?",
            traps={
                2 * (3 * 1 + 1): (
                    "That is how fast the square grows with the *inside*. And the inside grows 3 times as fast as x.",
                    "outer-only",
                ),
                2 * (3 * 1 + 1) + 3: (
                    "8 and 3 are the right links. But with gears of 3 and 8, each turn of the handle makes 3 · 8 turns, not 3 + 8.",
                    "chain-adds",
                ),
            },
        ),
        number(
            "paths",
            "trace",
            "a = x · y, b = x + y, f = a · b, at x = 2, y = 3. So f grows 5 times as fast as a, and 6 times as fast as b. And a grows 3 "
            "times as fast as x, b as fast as x. What is ∂f/∂x?",
            5 * 3 + 6 * 1,
            "Through a it is 5 · 3 = 15, through b it is 6 · 1 = 6. A nudge of x goes both ways at once: 21.",
            hint="Follow both ways from x to f. Multiply along each way; what do you do with the two results?",
            traps={
                5 * 3: (
                    "That is the way through a. A nudge of x moves b as well.",
                    "one-path",
                ),
                6 * 1: (
                    "That is the way through b. A nudge of x moves a as well.",
                    "one-path",
                ),
                5 * 3 * 6 * 1: (
                    "Along one way you multiply. The two ways act side by side: their shares add up.",
                    "paths-multiply",
                ),
            },
        ),
    ),
    questions=(
        choice(
            "which-arrow",
            "compass",
            "In the figure above, which arrow is −∇f?",
            wrong(
                "A",
                "A leads straight to the minimum. The gradient doesn't know where that is: it stands at right angles to "
                "the contour underfoot.",
                "gradient-aims-home",
            ),
            wrong(
                "B",
                "B stands at right angles to the contour, but it leads to higher ground: that is ∇f, without the minus.",
                "gradient-is-downhill",
            ),
            wrong(
                "C",
                "C runs along the contour: there the slope is 0. On every slope there are two such directions.",
                "gradient-along-contour",
            ),
            right("D", "At right angles to the contour, and towards lower ground."),
        ),
        choice(
            "fall",
            "compute",
            "f(x) = x², and you stand at x = −2, where f′(−2) = −4. Which way is down?",
            wrong(
                "left: the slope is negative",
                "The sign isn't the way down. Negative says: it falls as you go to the *right*. So does the left "
                "arm of the parabola.",
                "slope-is-arrow",
            ),
            right(
                "right",
                "A negative slope says that the ground falls to the right. Down is always *against* the sign of the slope.",
            ),
            wrong(
                "nowhere: −4 lies below the lowest point, 0",
                "−4 is the slope, not the height: the curve's height at −2 is 4. A negative slope says that the ground falls to the right.",
                "slope-is-height",
            ),
        ),
        number(
            "partial",
            "compute",
            "f(x, y) = x² + 3xy. What is ∂f/∂x at (1, 2)?",
            2 * 1 + 3 * 2,
            "y stands still at 2, so f is x² + 6x there, with the slope 2x + 6: at x = 1 it is 8.",
            hint="Put y = 2 in first. What is left is a function of x alone.",
            traps={
                2 * 1: (
                    "3xy has a y in it, and an x as well: with y held at 2 it is 6x, and has the slope 6.",
                    "held-still-vanishes",
                ),
                3 * 1: (
                    "That is ∂f/∂y, where x is held still. ∂f/∂x asks for the slope along x, with y held still.",
                    "axes-swapped",
                ),
            },
        ),
        choice(
            "rise",
            "check",
            "The slope of sin by a forward difference: with h = 1e−8 the error is 3e−9, with h = 1e−14 it is 4e−3. Why did it rise?",
            wrong(
                "1e−14 is so small that the computer takes it for 0",
                "It can hold numbers down to 1e−308, and with h = 0 there would be 0/0 and no slope at all. It is the 16 digits of the two "
                "*heights* that run out.",
                "tiny-becomes-zero",
            ),
            right(
                "cancellation",
                "The two heights agree in nearly all of their 16 digits. The few that are left after the subtraction are mostly round-off, and "
                "dividing by 1e−14 makes it large.",
            ),
            wrong(
                "bad luck with this x; in general a smaller h is better",
                "The error at one h has some luck in it, but the trend is there at nearly every x: below the best h it grows like 1/h.",
                "smaller-h-better",
            ),
        ),
        choice(
            "kind",
            "compass",
            "f takes three numbers and returns one, f: ℝ³ → ℝ. What is ∇f at a point?",
            right(
                "3 numbers: an arrow in the space of the inputs",
                "One partial derivative for each input. Its *length* ‖∇f‖ is one number: the slope in the steepest direction.",
            ),
            wrong(
                "4 numbers: an arrow in the space of the inputs and the height",
                "The height isn't a direction you can walk in. How fast it changes is what the three numbers say.",
                "gradient-in-3d",
            ),
            wrong(
                "1 number: the slope",
                "One number is the slope in one direction, or the length of ∇f. The gradient itself keeps one number for each input.",
                "gradient-is-number",
            ),
            wrong(
                "9 numbers: a table of 3 × 3",
                "That is the next storey: the derivatives *of* ∇f, three for each of its three entries. They are called the Hessian; ∇f itself is "
                "a list.",
                "gradient-of-gradient",
            ),
        ),
        choice(
            "goes-down",
            "check",
            "You wrote a gradient by hand. You step against it, and the loss goes down. A gradient check at a random point says: relative error 0.33. "
            "What now?",
            wrong(
                "all is well, since the loss goes down",
                "Many wrong arrows lead down, too: half the gradient does, and so does one with an entry missing. Going down is no proof.",
                "goes-down-so-right",
            ),
            wrong(
                "the differences are to blame: make h smaller",
                "With a sensible h, differences are off by 1e−8 or less. A third is far too much for them, and a smaller h makes "
                "round-off worse.",
                "smaller-h-better",
            ),
            right(
                "look for a factor of 2",
                "A gradient that is twice or half the true one gives exactly 1/3. It still leads down, only not at the speed you think.",
            ),
        ),
        choice(
            "sweeps",
            "trace",
            "A network has a million weights and one loss. You want ∂loss/∂w for every weight, to nearly all digits. What does reverse mode need?",
            wrong(
                "a million sweeps, one for each weight",
                "That is forward mode. Backwards, each number in between is met once, and what it passes on serves all weights.",
                "sweep-per-weight",
            ),
            wrong(
                "two million values of the loss, and a good h",
                "That is central differences, good to some 10 digits. Reverse mode has no h: it multiplies slopes that it knows exactly.",
                "autodiff-is-differences",
            ),
            right(
                "one sweep forwards and one backwards",
                "Forwards for the values, backwards for all slopes at once. That costs a few times what the loss alone costs, however many "
                "weights there are.",
            ),
        ),
    ),
    exercises={
        "central": "compute",
        "repair": "check",
        "numerical_gradient": "compute",
        "slope_along": "compass",
        "gradient_check": "check",
        "traced": "trace",
        "slopes": "trace",
    },
)
