"""Exercises of lesson 2."""

from ..check.exercises import Exercises

loss_functions = Exercises("loss_functions")
