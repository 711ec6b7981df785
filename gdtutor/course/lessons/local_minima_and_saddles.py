"""Lesson 7: its objectives, its questions, and the beliefs it sets right."""

from ... import theory
from ..lesson import Lesson
from ..questions import choice, number, right, wrong

local_minima_and_saddles = Lesson(
    number=7,
    name="local_minima_and_saddles",
    title="Local minima and saddles",
    minutes=75,
    story="several valleys, flat ground that isn't the bottom, ways out, and many dimensions",
    needs=("learning_rates",),
    objectives={
        "classify": "tell minima, maxima and saddles apart by the Hessian's eigenvalues",
        "escape": "compare ways out of a valley at equal cost",
    },
    misconceptions={
        "stuck-is-local-minimum": "When training no longer improves, it sits in a local minimum.",
        "only-the-bottoms": "The ground is level in the valleys and on the tops, and nowhere else.",
        "sticks-at-saddles": "Gradient descent gets stuck at saddles.",
        "nearer-is-longer": "Begin ten times nearer the ridge, and leaving takes ten times as long.",
        "near-zero-is-zero": "An eigenvalue of −0.01 is as good as zero.",
        "zeros-are-fair": "All weights at zero is a fair and neutral place to begin training.",
        "flat-is-bad": "Flat ground is bad: a good minimum is a steep one.",
        "longer-steps-free": "A larger lr always shakes walkers out of a valley sooner.",
        "batch-is-all": "How strong the noise is, the batch size alone decides.",
        "momentum-finds-best": "With enough momentum the global minimum is guaranteed.",
        "heat-is-enough": "Annealing escapes because it accepts worse places, whatever it proposes.",
        "cost-is-no-matter": "The method that succeeds more often is the better one, whatever a run "
        "costs.",
        "restarts-add-up": "k restarts that each succeed with probability p succeed with k · p.",
        "plane-is-enough": "Landscapes with many parameters are like the ones I can draw.",
        "signs-are-coins": "The signs of n curvatures are like n independent coins.",
        "random-matrix-proves": "The random-matrix result proves that neural networks are easy to "
        "train.",
        "theory-says-nothing": "Papers on landscapes are speculation and show nothing at all.",
        "all-leave-alike": "From a saddle everybody leaves alike, however near they began.",
        "restart-repeats": "Starting again leads to the same place again.",
        "depth-is-all": "Of a minimum only the depth counts.",
        "momentum-brakes": "More momentum makes a walker heavier, and its walk shorter.",
    },
    words={
        "basin": "All starts from which a rule ends in the same valley.",
        "local minimum": "A place that is lower than everything close around it.",
        "global minimum": "The lowest place of all.",
        "critical point": "A place where the gradient is zero: level ground.",
        "Hessian (H)": "The table of second derivatives: how each slope changes along each axis.",
        "saddle": "Level ground that curves up one way and down another.",
        "barrier": "How high the lowest pass out of a valley lies above its bottom.",
        "temperature (T)": "How readily a random method goes uphill: worse by that much is taken with "
        "probability 37%.",
        "simulated annealing": "A random walk that takes any better place and some worse ones, fewer of "
        "them as it cools.",
        "random restarts": "Descending from several random places and keeping the best end.",
        "index": "How many directions lead down from a critical point: its negative eigenvalues.",
    },
    retrieval=(
        choice(
            "four-times",
            "batch_variants.noise",
            "You make the batch four times as large. What happens to the noise of its gradient?",
            wrong(
                "it falls to a quarter",
                "That is its variance. The noise itself, the standard deviation, goes with one over "
                "the root of the batch size.",
                "noise-falls-as-b",
            ),
            right(
                "it halves", "Noise goes with 1/√B, and √4 = 2. The cost goes with B: four times."
            ),
            wrong(
                "it vanishes",
                "Four examples are still a sample. Only the batch of all examples has no noise, and it "
                "costs the most.",
                "bigger-is-better",
            ),
        ),
        number(
            "updates",
            "batch_variants.implement",
            "1000 examples, batches of 64, the last one may be smaller. How many updates are in an "
            "epoch?",
            -(-1000 // 64),
            "15 full batches hold 960 examples, and the last 40 make one more.",
            hint="Divide, and think of what happens to the remainder.",
            traps={
                15: (
                    "That would leave 40 examples unused. They make a batch too.",
                    "last-batch-lost",
                ),
                1: (
                    "One update per epoch is batch gradient descent. Here every batch makes one.",
                    "epoch-is-update",
                ),
            },
        ),
        choice(
            "at-rest",
            "batch_variants.noise",
            "SGD with a constant lr has come down to a minimum. What does it do there?",
            right(
                "it keeps jittering around it",
                "Each batch has a gradient of its own, also at the minimum. A smaller lr makes the "
                "cloud smaller.",
            ),
            wrong(
                "it comes to rest",
                "The mean gradient is zero there, and that of a single batch isn't. Only a falling lr "
                "brings it to rest.",
                "sgd-settles",
            ),
            wrong(
                "it drifts off to one side",
                "The batches' gradients are right on average, so they push to all sides alike.",
                "batch-is-biased",
            ),
        ),
    ),
    predictions=(
        choice(
            "flat-places",
            "classify",
            "The map of the four valleys again. At how many places is the gradient exactly zero?",
            wrong(
                "4: the bottoms of the valleys",
                "The ground is level on tops and passes too. Zero gradient says level, not lowest.",
                "stuck-is-local-minimum",
            ),
            right(
                "9: bottoms, the top, and places between",
                "Four bottoms, one top, and four passes between neighbouring valleys: the saddles.",
            ),
            wrong(
                "5: the bottoms and the top",
                "Walk from one valley to the next over the lowest pass: at its highest point the ground "
                "is level, and it is no top.",
                "only-the-bottoms",
            ),
        ),
        number(
            "trillionth",
            "classify",
            "From a millionth (y = 10⁻⁶) it takes 76 steps to get away. How many from a trillionth, "
            "y = 10⁻¹²?",
            float(theory.escape_steps(0.1, -2.0, 1e-12)),
            "Each step multiplies by 1.2, so the millionth that was added costs 76 steps once more: "
            "152.",
            hint="76 steps make 10⁻⁶ into 1. Into what do they make 10⁻¹²?",
            traps={
                76e6: (
                    "A million times nearer isn't a million times longer: the distance grows by a "
                    "*factor* each step.",
                    "nearer-is-longer",
                ),
                76: (
                    "Nearer to the ridge the slope is smaller, so the first steps are shorter.",
                    "all-leave-alike",
                ),
            },
            tolerance=0.03,
        ),
        choice(
            "on-saddles",
            "classify",
            "10 000 random starts on the map of the four valleys, which has four saddles. How many "
            "walks end at a saddle?",
            right(
                "none",
                "Only a start exactly on a ridge line would end there, and a line has no area to hit.",
            ),
            wrong(
                "nearly half of them",
                "Nearly half of the level places are saddles, but a saddle pushes away whoever is a hair "
                "beside its ridge.",
                "sticks-at-saddles",
            ),
            wrong(
                "a few hundred",
                "Many pass slowly by a saddle. To stay there, a start must lie exactly on its ridge.",
                "sticks-at-saddles",
            ),
        ),
        choice(
            "zero-start",
            "classify",
            "Training starts with all 97 numbers of the network at zero. What will the loss do?",
            wrong(
                "fall as from any other start",
                "At zero the two stages block each other: the gradient of each is multiplied by the "
                "other's zeros.",
                "zeros-are-fair",
            ),
            wrong(
                "fall a little and then stay, in a local minimum",
                "It looks like one. The Hessian, two cells on, shows ways down that the walk never "
                "takes.",
                "stuck-is-local-minimum",
            ),
            right(
                "fall a little and then stay, at a saddle",
                "One number is learnt, the share of benign tumours. All the others have gradient zero.",
            ),
        ),
        choice(
            "batch-and-lr",
            "escape",
            "The noise of small batches shakes walkers out of the shallow valley. Make lr *and* the "
            "batch four times as large, at the same lr × steps. How many get out?",
            wrong(
                "far more: the steps are longer",
                "Longer, but fewer, and the larger batch makes each of them quieter. The three "
                "balance.",
                "longer-steps-free",
            ),
            right(
                "about as many as before",
                "Four times the lr, half the noise: each jolt is twice as long, and there are a quarter as "
                "many. Spread goes with the root of the number, so it stays.",
            ),
            wrong(
                "far fewer: the batches are quieter",
                "The noise of a gradient is halved, but lr makes four times as much of it. What counts is "
                "lr / batch size.",
                "batch-is-all",
            ),
        ),
        choice(
            "hot",
            "escape",
            "Annealing as it is often printed proposes the gradient step, and takes worse places with "
            "some probability. 40 walkers, hot at first. How often do they go uphill?",
            wrong(
                "most of the time: it is hot",
                "Hot means that uphill would be *accepted*. First somebody has to propose it.",
                "heat-is-enough",
            ),
            wrong(
                "now and then",
                "Acceptance is a matter of chance, the proposal isn't: it always points downhill.",
                "heat-is-enough",
            ),
            right(
                "never",
                "A small gradient step leads down, so there is never anything uphill to accept.",
            ),
        ),
        number(
            "five-starts",
            "escape",
            "A descent from a random start finds the lowest valley with probability 0.26. You try 5 "
            "random starts and keep the best. With what probability, between 0 and 1, have you found it?",
            1 - 0.74**5,
            "All five miss with probability 0.74⁵ = 0.22, and in all other cases one has found it.",
            hint="With what probability do all five miss it?",
            traps={
                5 * 0.26: (
                    "That is above 1, and no probability is. Two starts may both find it.",
                    "restarts-add-up",
                ),
                0.26: (
                    "That is one start. Each further one, from elsewhere, is another chance.",
                    "restart-repeats",
                ),
            },
            tolerance=0.02,
        ),
        choice(
            "five-curvatures",
            "classify",
            "A random level place in 1 dimension is a minimum with probability 50%, in 2 dimensions 15%. "
            "And in 5?",
            wrong(
                "about 15%: what holds in a plane holds beyond",
                "Each further direction may be a way down. In many dimensions nearly all random level "
                "places have one.",
                "plane-is-enough",
            ),
            wrong(
                "3%: five coins, all heads",
                "Coins gave 25% in 2 dimensions, and it was 15%. Eigenvalues push each other apart, so "
                "equal signs are rarer.",
                "signs-are-coins",
            ),
            right(
                "0.01%",
                "About 1 in 7000: much rarer than five coins, since eigenvalues push each other apart.",
            ),
        ),
    ),
    questions=(
        choice(
            "shallow-way",
            "classify",
            "At a level place the Hessian has the eigenvalues 3 and −0.01. A walker with lr = 0.1 begins "
            "10⁻⁶ beside the ridge. What happens?",
            wrong(
                "it settles there: −0.01 is as good as 0",
                "Settling takes two positive eigenvalues. Here every step multiplies one distance by "
                "1.001: slow, and for ever.",
                "near-zero-is-zero",
            ),
            wrong(
                "it gets stuck, as at every saddle",
                "Along the first direction it comes in, along the second it goes out. Only a start "
                "exactly on the ridge stays.",
                "sticks-at-saddles",
            ),
            wrong(
                "it is away after a million steps",
                "That would be a step for each factor. The distance is multiplied by 1.001 a step, so "
                "only log(10⁶) counts.",
                "nearer-is-longer",
            ),
            right(
                "it leaves along the second direction, after some 14 000 steps",
                "A saddle. To be 1 away it takes log(10⁶) / log(1.001) = 13 822 steps, 180 times as many as "
                "with −2.",
            ),
        ),
        choice(
            "three-explanations",
            "classify",
            "The gradient is nearly zero, and the loss is still high. What may that be?",
            right(
                "a local minimum, a saddle or a plateau",
                "The curvature tells: all up, some down, or next to none. It may even be the global "
                "minimum: the lowest loss that a model can reach needn't be near 0.",
            ),
            wrong(
                "a local minimum: the training has converged",
                "Saddles and plateaus are level too, and with many parameters saddles are far more "
                "common.",
                "stuck-is-local-minimum",
            ),
            wrong(
                "a learning rate that is too small",
                "A small lr makes short *steps*. The gradient is the slope of the ground, whatever lr "
                "is, and here the ground is level.",
                "stuck-needs-a-push",
            ),
        ),
        choice(
            "wide-or-sharp",
            "classify",
            "Two minima, nearly equally deep: the curvature of one is 1, of the other 110. New data shift "
            "the landscape a little. Which one loses more?",
            wrong(
                "the wide one: flat ground is bad",
                "A shift by s costs about ½ · curvature · s². The wide one hardly feels it.",
                "flat-is-bad",
            ),
            right(
                "the sharp one",
                "A shift by s costs about ½ · curvature · s², so 110 times as much at first.",
            ),
            wrong(
                "both the same, as they are equally deep",
                "Depth is the height *at* the minimum. Shifted, you stand beside it, on its wall.",
                "depth-is-all",
            ),
        ),
        choice(
            "more-momentum",
            "escape",
            "From x = 7 on the wavy hill, momentum 0.95 ended in the global minimum. What does momentum "
            "0.97 do?",
            wrong(
                "it ends there too, only surer",
                "A faster ball doesn't know which valley is the best one. It stops where it has "
                "lost its height.",
                "momentum-finds-best",
            ),
            wrong(
                "it ends in an earlier valley",
                "More momentum means less friction, so it rolls farther, not less far.",
                "momentum-brakes",
            ),
            right(
                "it may roll past, into a worse valley",
                "It did, into the valley at x = −3.74. Momentum takes the height it has, wherever that leads.",
            ),
        ),
        choice(
            "equal-cost",
            "escape",
            "Method A finds the lowest valley in 80% of its runs, B in 30%. A run of A costs 4000 looks, one "
            "of B 400. You may look 4000 times. What do you take?",
            wrong(
                "A: 80% is more than 30%",
                "Per run it is. But for the price of one run of A you get ten of B, and keep the best.",
                "cost-is-no-matter",
            ),
            right(
                "B, ten times: that makes 97%",
                "All ten miss with probability 0.7¹⁰ = 3%. Compare at equal cost.",
            ),
            wrong(
                "B, ten times: 10 · 30%, so it is certain",
                "Several of the ten may find it, and all may miss: 0.7¹⁰ = 3%. Ten it is, but not "
                "certain.",
                "restarts-add-up",
            ),
            wrong(
                "A: B would end in the same place each time",
                "From the same start it would. A restart begins somewhere else, and may end somewhere "
                "else.",
                "restart-repeats",
            ),
        ),
        choice(
            "not-claimed",
            "classify",
            "Which of these do Dauphin (2014) and Choromanska (2015) and their co-authors *not* claim?",
            wrong(
                "In random landscapes of many dimensions, high level places are nearly all saddles.",
                "That one is claimed: a calculation for Gaussian random landscapes (Bray & Dean 2007).",
                "theory-says-nothing",
            ),
            right(
                "Gradient descent brings any network to a good minimum.",
                "They speak of random or idealised landscapes, and expect bad minima in small networks. "
                "Ours with two units ended badly in 72 of 100 runs.",
            ),
            wrong(
                "Under strong assumptions, low minima of large networks lie in a narrow band.",
                "That one is claimed, by way of a model from physics. Its authors name the assumptions, and say "
                "that real networks violate them.",
                "theory-says-nothing",
            ),
            wrong(
                "In small networks that they trained, higher level places had more ways down.",
                "That one is claimed, and measured: the number of ways down grew with the error.",
                "theory-says-nothing",
            ),
        ),
        choice(
            "what-it-shows",
            "classify",
            "A large random symmetric matrix practically never has only positive eigenvalues. What "
            "follows for your neural network?",
            right(
                "a hint that saddles may be common, no more",
                "Its Hessian at a level place isn't a random matrix: it belongs to a loss, to data, and to "
                "where training has led.",
            ),
            wrong(
                "that it has no bad minima and is easy to train",
                "The matrix knows nothing of your loss. Our network with two units had a bad minimum, "
                "and most walks ended badly.",
                "random-matrix-proves",
            ),
            wrong(
                "nothing new: maps in a plane show the same",
                "In the plane 15% are minima, in 5 dimensions 0.01%. Pictures can't show that.",
                "plane-is-enough",
            ),
        ),
    ),
    exercises={
        "six_places": "classify",
        "kind_of": "classify",
        "what_next": "classify",
        "chance_to_find": "escape",
        "restarts": "escape",
        "perturbed_gd": "escape",
        "anneal": "escape",
    },
)
