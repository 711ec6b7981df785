"""Exercises of lesson 6."""

from ..check.exercises import Exercises

learning_rates = Exercises("learning_rates")
