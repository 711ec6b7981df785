"""Exercises of lesson 7."""

from ..check.exercises import Exercises

local_minima_and_saddles = Exercises("local_minima_and_saddles")
